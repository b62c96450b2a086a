import type { Store } from '../store.ts'

/** One promise of the port: it gets a fresh, empty store. */
export interface StoreCase {
  readonly title: string
  run(store: Store): Promise<void>
}
