import type { Clock } from '../../clock.ts'
import { StoreUnavailableError } from '../../errors.ts'
import { refusalIn, UnsuitableDatabaseError } from '../sql/faults.ts'
import { CLAIM_MARK, type Migration, NOT_FINISHED, requireKnown, sha256 } from '../sql/migrations.ts'
import type { MysqlConnections } from './connections.ts'
import type { Session } from './session.ts'
import { Query, sql } from './sql.ts'

/**
 * Migrations. The database commits each statement that alters a table by itself, so there is no "all of it or nothing":
 * instead it is noted after each statement how far a migration is, and who comes next goes on from there. Only the
 * statement behind the last note may have been done already; it is run again, so it must bear that: one that alters a
 * table does one thing, of which the server says that it is so already, and one that writes rows can be repeated.
 *
 * Nodes of the version before go on working while a migration runs and until they are replaced. So a version only adds:
 * tables, indexes, columns that may be NULL or have a default (expand). What it no longer uses is taken away by a later
 * version, when no node of the older one runs any more (contract). A statement that rewrites a large table belongs into
 * neither: it would make logins wait.
 */
interface Progress {
  readonly name: string
  readonly sha256: string
  readonly statementsDone: number
  readonly isDone: number
}

/** How far the database is, of the migrations that this version knows. */
interface Plan {
  readonly hasBook: boolean
  readonly isClaimed: boolean
  readonly pending: readonly {
    readonly migration: Migration
    readonly done: number
    readonly isBegun: boolean
  }[]
}

const MAKE_BOOK = sql`
  CREATE TABLE IF NOT EXISTS yaopai_migrations (
    name VARBINARY(128) NOT NULL PRIMARY KEY,
    sha256 VARBINARY(64) NOT NULL,
    statements_done INT NOT NULL,
    begun_at_ms BIGINT NOT NULL,
    applied_at_ms BIGINT
  ) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`

/** A migration, and waiting for one that another node runs, take the time that they take, up to this. */
const MIGRATION_SECONDS = 600
const MIGRATION_MS = MIGRATION_SECONDS * 1_000

interface MigrateOptions {
  readonly migrations: readonly Migration[]
  readonly clock: Clock
  /** Who copies a book into it comes while it is not finished; nobody else may. */
  readonly isForCopy?: boolean
}

/**
 * Brings the database up to date. Nodes that start at once do so in turn, and all but the first find it done.
 * @throws UnsuitableDatabaseError when its book and ours contradict
 */
export async function migrate(
  connections: MysqlConnections,
  { migrations, clock, isForCopy = false }: MigrateOptions,
): Promise<void> {
  const plan = await connections.read((session) => planFor(session, migrations))
  if (plan.isClaimed && !isForCopy) throw new UnsuitableDatabaseError(NOT_FINISHED)
  if (plan.pending.length === 0) return
  await connections.read((session) =>
    alone(session, async () => {
      const { hasBook, pending } = await planFor(session, migrations)
      if (!hasBook) await session.ask([MAKE_BOOK])
      for (const one of pending) await apply(session, one, clock)
    }),
  )
}

/** The lock is of the connection: where it breaks, the server frees it. Its name holds for the whole server. */
async function alone(session: Session, work: () => Promise<void>): Promise<void> {
  const name = sql`CONCAT('yaopai ', LEFT(SHA2(DATABASE(), 256), 32))`
  const take = sql`SELECT GET_LOCK(${name}, ${MIGRATION_SECONDS}) AS isTaken`
  const [lock] = await session.ask([take], MIGRATION_MS + 1_000)
  if (lock?.first<{ isTaken: number }>()?.isTaken !== 1) {
    throw new StoreUnavailableError(new Error('Another node migrates the database, and is not done yet'))
  }
  await work()
  await session.ask([sql`DO RELEASE_LOCK(${name})`])
}

async function apply(
  session: Session,
  { migration, done, isBegun }: Plan['pending'][number],
  clock: Clock,
): Promise<void> {
  const { name } = migration
  const digest = sha256(migration.sql)
  if (!isBegun) {
    await session.ask([
      sql`INSERT INTO yaopai_migrations (name, sha256, statements_done, begun_at_ms)
        VALUES (${name}, ${digest}, 0, ${clock.nowMs()})`,
    ])
  }
  for (const [place, text] of statementsOf(migration.sql).entries()) {
    if (place < done) continue
    await session.ask([new Query(text)], MIGRATION_MS).catch(ignoreIf(isBegun && place === done))
    await session.ask([sql`UPDATE yaopai_migrations SET statements_done = ${place + 1} WHERE name = ${name}`])
  }
  await session.ask([sql`UPDATE yaopai_migrations SET applied_at_ms = ${clock.nowMs()} WHERE name = ${name}`])
}

/** A table, column or index that is there already (1050, 1060, 1061), or one to be dropped that is gone (1051, 1091). */
const DONE_ALREADY: ReadonlySet<string | number> = new Set([1050, 1051, 1060, 1061, 1091])

function ignoreIf(mayBeDone: boolean): (error: unknown) => void {
  return (error) => {
    const refusal = refusalIn(error)
    if (mayBeDone && refusal !== null && DONE_ALREADY.has(refusal.code)) return
    throw error
  }
}

/** Each ends with a semicolon at the end of a line; lines that begin with `--` are for people. */
export function statementsOf(text: string): string[] {
  return text
    .replace(/^--.*$/gm, '')
    .split(/;[ \t]*\r?$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

async function planFor(session: Session, migrations: readonly Migration[]): Promise<Plan> {
  const hasBook = await isOurs(session)
  const rows = hasBook ? await readProgress(session) : []
  const noted = rows.filter(({ name }) => name !== CLAIM_MARK)
  requireKnown(noted, migrations)
  const byName = new Map(noted.map((one) => [one.name, one]))
  const pending = migrations
    .filter(({ name }) => byName.get(name)?.isDone !== 1)
    .map((migration) => {
      const progress = byName.get(migration.name)
      return { migration, done: progress?.statementsDone ?? 0, isBegun: progress !== undefined }
    })
  return { hasBook, isClaimed: noted.length < rows.length, pending }
}

/** Whether the book is there. All our tables begin alike, and there are none before it. */
async function isOurs(session: Session): Promise<boolean> {
  const rows = await session.rows<{ name: string }>(
    sql`SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = DATABASE() AND table_name LIKE 'yaopai\\_%'`,
  )
  const names = rows.map(({ name }) => name.toLowerCase())
  if (names.includes('yaopai_migrations')) return true
  if (names.length > 0) throw foreign(`the table ${names[0]}`)
  return false
}

const UNKNOWN_COLUMN = 1054

async function readProgress(session: Session): Promise<Progress[]> {
  const select = sql`SELECT name, sha256, statements_done AS statementsDone, applied_at_ms IS NOT NULL AS isDone
    FROM yaopai_migrations ORDER BY name`
  return session.rows<Progress>(select).catch((error: unknown) => {
    if (refusalIn(error)?.code === UNKNOWN_COLUMN) throw foreign('a table yaopai_migrations')
    throw error
  })
}

function foreign(what: string): UnsuitableDatabaseError {
  return new UnsuitableDatabaseError(
    `The database has ${what} that another program made: name another database in DATABASE_URL`,
  )
}
