export { runStoreContract } from './lib/store/contract.ts'
export type * from './lib/store/records.ts'
export type * from './lib/store/store.ts'
