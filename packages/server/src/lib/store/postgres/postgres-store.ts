import { type Clock, systemClock } from '../../clock.ts'
import { StoreUnavailableError } from '../../errors.ts'
import type { BookTarget } from '../book.ts'
import { UnsuitableDatabaseError } from '../sql/faults.ts'
import { type Migration, readMigrationsOf } from '../sql/migrations.ts'
import type { Store } from '../store.ts'
import { createPostgresTarget } from './book-target.ts'
import { connectPostgres, type PostgresConnections } from './connections.ts'
import type { PgPool } from './driver.ts'
import { isForbidden } from './faults.ts'
import { DEFAULT_LIMITS, type PostgresLimits } from './limits.ts'
import { createPostgresStore } from './methods.ts'
import { migrate } from './migrate.ts'
import { type Sql, statement } from './sql.ts'

export interface PostgresStoreOptions {
  /** A `Pool` of the package `pg`, or what has its shape. It is the store's from now on: `close()` ends it. */
  readonly pool: PgPool
  readonly clock?: Clock
  /** For tests: other migrations, less patience. */
  readonly migrations?: readonly Migration[]
  readonly limits?: Partial<PostgresLimits>
}

/**
 * The book in a PostgreSQL database, in a schema of its own called `yaopai`; any number of stores may work on one.
 *
 * `main/open-postgres.ts` makes the pool that `DATABASE_URL` asks for. See decisions/021-postgres.md.
 * @throws UnsuitableDatabaseError with the cure and an `exitCode`: of a newer version, not ours, too old, not UTF-8,
 *   read-only
 * @throws StoreUnavailableError when the database cannot be reached
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { connections, clock } = await openBook(options, false)
  return createPostgresStore(connections, clock)
}

/**
 * The same database, for `yaopai store copy` to write a whole book into.
 * @throws UnsuitableDatabaseError StoreUnavailableError likewise
 */
export async function openPostgresTarget(options: PostgresStoreOptions): Promise<BookTarget> {
  const { connections, clock } = await openBook(options, true)
  return createPostgresTarget(connections, clock)
}

async function openBook(
  options: PostgresStoreOptions,
  isForCopy: boolean,
): Promise<{ readonly connections: PostgresConnections; readonly clock: Clock }> {
  const { clock = systemClock, migrations = readMigrationsOf('postgres') } = options
  const connections = connectPostgres(options.pool, { ...DEFAULT_LIMITS, ...options.limits })
  try {
    await connections.read(requireSuitable)
    await migrate(connections, { migrations, clock, isForCopy })
    await connections.read(requireRights)
    return { connections, clock }
  } catch (error) {
    await connections.close()
    throw mayNot(error) ? new UnsuitableDatabaseError(SCHEMA_CURE) : error
  }
}

const SCHEMA_CURE =
  'The database does not let this user make or use what is needed: let its owner run CREATE SCHEMA yaopai ' +
  'AUTHORIZATION followed by the name of the user, or, if the schema is there, name the owner of its tables'

/** To all that is written to while it serves. Without the sequence logins would work, and no session could be ended. */
const SELECT_RIGHTS = statement(
  `SELECT coalesce(bool_and(CASE relkind WHEN 'S' THEN has_sequence_privilege(oid, 'USAGE')
       ELSE has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
         AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE') END), false) AS "hasRights"
     FROM pg_class
     WHERE relnamespace = to_regnamespace('yaopai') AND relkind IN ('r', 'p', 'S') AND relname <> 'migrations'`,
)

/** Who may read alone would be found out by the first write, as if the database were away. */
async function requireRights(sql: Sql): Promise<void> {
  const row = await sql.one<{ hasRights: boolean }>(SELECT_RIGHTS)
  if (row?.hasRights === false) throw new UnsuitableDatabaseError(SCHEMA_CURE)
}

function mayNot(error: unknown): boolean {
  return error instanceof StoreUnavailableError && isForbidden(error.cause)
}

/** Since 14 a connection can be ended with a wait for its end. */
const OLDEST_SERVER = 14
const SELECT_SERVER = statement(
  `SELECT current_setting('server_version_num')::int / 10000 AS version,
     current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS "isStandby",
     current_setting('transaction_read_only') = 'on' AS "isReadOnly"`,
)

interface Server {
  readonly version: number
  readonly encoding: string
  readonly isStandby: boolean
  readonly isReadOnly: boolean
}

async function requireSuitable(sql: Sql): Promise<void> {
  const server = await sql.one<Server>(SELECT_SERVER)
  if (server === undefined || server.version < OLDEST_SERVER) {
    throw new UnsuitableDatabaseError(
      `PostgreSQL ${server?.version} is too old, at least ${OLDEST_SERVER} is needed: use a newer server`,
    )
  }
  if (server.encoding !== 'UTF8') {
    throw new UnsuitableDatabaseError(
      `The database keeps text as ${server.encoding}: make one with ENCODING 'UTF8'`,
    )
  }
  if (server.isStandby) {
    throw new UnsuitableDatabaseError(
      'The database server is a standby, in recovery, and only reads: name the primary, or several hosts',
    )
  }
  if (server.isReadOnly) {
    throw new UnsuitableDatabaseError(
      'The database only reads: turn default_transaction_read_only off for it, or for this user',
    )
  }
}
