export type * from './lib/records.ts'
export { runStoreContract } from './lib/store/contract.ts'
export type * from './lib/store/store.ts'
