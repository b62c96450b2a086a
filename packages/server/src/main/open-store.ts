import type { Clock } from '../lib/clock.ts'
import type { DatabaseTarget } from '../lib/config.ts'
import type { DatabaseError } from '../lib/store/database-error.ts'
import { openSqliteStore } from '../lib/store/sqlite/sqlite-store.ts'
import type { Store } from '../lib/store/store.ts'

export interface OpenStoreOptions {
  /** Of SQLite, which has one server on a file and tools beside it; elsewhere all are alike. */
  readonly role: 'server' | 'tool'
  readonly onFatal: (error: DatabaseError) => void
  readonly clock?: Clock
}

/**
 * The store that the configuration names.
 * @throws DatabaseError with the cure and an `exitCode` when it cannot be run on
 */
export async function openStore(database: DatabaseTarget, options: OpenStoreOptions): Promise<Store> {
  if (database.kind === 'sqlite') return openSqliteStore({ ...options, file: database.file })
  const clocked = options.clock === undefined ? {} : { clock: options.clock }
  if (database.kind === 'mysql') {
    const { openMysql } = await import('./open-mysql.ts')
    return openMysql(database.url, clocked)
  }
  const { openPostgres } = await import('./open-postgres.ts')
  return openPostgres(database.url, clocked)
}
