import { type TestContext, test } from 'node:test'
import type { Store } from '../../store.ts'
import type { Limits } from '../limits.ts'

/** What the tests of one file share: a server of one kind, and databases on it. */
export interface SqlBench {
  readonly server: {
    stop(signal?: string): Promise<void>
    start(): Promise<void>
    /** All its processes stop where they are, and it is silent as one behind a cut network; `thaw` lets them go on. */
    freeze(): void
    thaw(): void
  }
  /** The name of a new database with the book in it. */
  createBook(): Promise<string>
  /** A store on the database that is named, or on a new one; and between it and its server what is asked for. */
  open(t: TestContext, options?: SqlOpenOptions): Promise<Store>
  openOther(t: TestContext, database: string): Promise<OtherNode>
  /** What the server knows the connection by that waits for a lock, once one does. */
  untilSomebodyWaits(node: OtherNode): Promise<number>
  /** Ends a connection from the server's side. */
  end(id: number): Promise<void>
  /** How one of our tables is called. */
  readonly table: (name: string) => string
  /** An error as the driver gives it when the server undid a transaction for another's sake. */
  readonly deadlock: () => Error
}

export interface SqlOpenOptions {
  readonly database?: string
  readonly limits?: Partial<Limits>
  readonly meddling?: Meddling
}

/** A connection beside those of a store, as another node would hold one. */
export interface OtherNode {
  ask(text: string): Promise<Record<string, unknown>[]>
}

/** A connection of the store, as its server knows it. */
export interface Held extends OtherNode {
  id(): Promise<number>
  drop(): void
}

export interface Meddling {
  /** Stands between the store and the server: what it does instead of passing a text on, or around it. */
  readonly onQuery?: (text: string, pass: () => Promise<unknown>, held: Held) => Promise<unknown>
  readonly onConnect?: () => void
  /** True: a connection that is given up stays open, as one does of which the network lost the end. */
  readonly onDrop?: () => boolean
}

/** What all who offer a store on SQL promise. */
export interface SqlCase {
  readonly title: string
  run(t: TestContext, bench: SqlBench): Promise<void>
}

export function testCases(cases: readonly SqlCase[], bench: () => SqlBench): void {
  for (const { title, run } of cases) test(title, (t) => run(t, bench()))
}
