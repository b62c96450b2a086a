import { type Clock, systemClock } from '../../clock.ts'
import type { BookTarget } from '../book.ts'
import { type Migration, readMigrationsOf } from '../sql/migrations.ts'
import type { Store } from '../store.ts'
import { createMysqlTarget } from './book-target.ts'
import { connectMysql, type MysqlConnections } from './connections.ts'
import type { MysqlPool } from './driver.ts'
import { DEFAULT_LIMITS, type MysqlLimits } from './limits.ts'
import { createMysqlStore, probe } from './methods.ts'
import { migrate } from './migrate.ts'
import { requireSuitable } from './require-suitable.ts'

export interface MysqlStoreOptions {
  /** What `createPool` of the package `mysql2` gives. It is the store's from now on: `close()` ends it. */
  readonly pool: MysqlPool
  readonly clock?: Clock
  /** The server may say that a commit is done before it is on disk. */
  readonly isLossAccepted?: boolean
  /** For tests: other migrations, less patience. */
  readonly migrations?: readonly Migration[]
  readonly limits?: Partial<MysqlLimits>
}

/**
 * The book in a MySQL or MariaDB database, in tables whose names begin with `yaopai_`; any number of stores may work on
 * one.
 * @throws UnsuitableDatabaseError with the cure and an `exitCode`: of a newer version, not ours, too old, not durable
 * @throws StoreUnavailableError when the database cannot be reached, or lets nothing be written
 */
export async function openMysqlStore(options: MysqlStoreOptions): Promise<Store> {
  const { connections, clock } = await openBook(options, false)
  return createMysqlStore(connections, clock)
}

/**
 * The same database, for `yaopai store copy` to write a whole book into.
 * @throws UnsuitableDatabaseError StoreUnavailableError likewise
 */
export async function openMysqlTarget(options: MysqlStoreOptions): Promise<BookTarget> {
  const { connections, clock } = await openBook(options, true)
  return createMysqlTarget(connections, clock)
}

async function openBook(
  options: MysqlStoreOptions,
  isForCopy: boolean,
): Promise<{ readonly connections: MysqlConnections; readonly clock: Clock }> {
  const { clock = systemClock, migrations = readMigrationsOf('mysql'), isLossAccepted = false } = options
  const connections = connectMysql(options.pool, { ...DEFAULT_LIMITS, ...options.limits })
  try {
    await connections.read((session) => requireSuitable(session, isLossAccepted))
    await migrate(connections, { migrations, clock, isForCopy })
    await connections.write(probe)
    return { connections, clock }
  } catch (error) {
    await connections.close()
    throw error
  }
}
