import { type Clock, systemClock } from '../../clock.ts'
import type { Store } from '../store.ts'
import { Connections } from './connections.ts'
import type { MysqlPool } from './driver.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import { createMysqlStore, probe } from './methods.ts'
import { type Migration, migrate, readMigrations } from './migrate.ts'
import { requireSuitable } from './require-suitable.ts'

export interface MysqlStoreOptions {
  /** What `createPool` of the package `mysql2` gives. It is the store's from now on: `close()` ends it. */
  readonly pool: MysqlPool
  readonly clock?: Clock
  /** The server may say that a commit is done before it is on disk. */
  readonly isLossAccepted?: boolean
  /** For tests: other migrations, less patience. */
  readonly migrations?: readonly Migration[]
  readonly limits?: Partial<Limits>
}

/**
 * The book in a MySQL or MariaDB database, in tables whose names begin with `yaopai_`; any number of stores may work on
 * one.
 * @throws UnsuitableDatabaseError with the cure and an `exitCode`: of a newer version, not ours, too old, not durable
 * @throws StoreUnavailableError when the database cannot be reached, or lets nothing be written
 */
export async function openMysqlStore(options: MysqlStoreOptions): Promise<Store> {
  const { clock = systemClock, migrations = readMigrations(), isLossAccepted = false } = options
  const connections = new Connections(options.pool, { ...DEFAULT_LIMITS, ...options.limits })
  try {
    await connections.read((session) => requireSuitable(session, isLossAccepted))
    await migrate(connections, { migrations, clock })
    await connections.write(probe)
    return createMysqlStore(connections, clock)
  } catch (error) {
    await connections.close()
    throw error
  }
}
