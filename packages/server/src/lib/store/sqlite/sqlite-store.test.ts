import { runStoreContract } from '../contract.ts'
import { openTestStore } from './testing/open-test-store.ts'

runStoreContract('sqlite', async (t) => openTestStore(t))
