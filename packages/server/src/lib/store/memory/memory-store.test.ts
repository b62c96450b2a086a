import { runStoreContract } from '../contract.ts'
import { createMemoryStore } from './memory-store.ts'

runStoreContract('memory', async (t) => {
  const store = createMemoryStore()
  t.after(() => store.close())
  return store
})
