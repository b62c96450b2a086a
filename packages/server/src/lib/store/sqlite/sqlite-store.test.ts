import { after } from 'node:test'
import { runStoreContract } from '../contract.ts'
import { compileChildren } from './testing/compile-children.ts'
import { openTestStore } from './testing/open-test-store.ts'

const { threadEntry, remove } = compileChildren()
after(remove)

runStoreContract('sqlite', async (t) => openTestStore(t, { threadEntry: null }))
runStoreContract('sqlite with a writer thread', async (t) => openTestStore(t, { threadEntry }))
