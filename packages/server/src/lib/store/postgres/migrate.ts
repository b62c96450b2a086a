import type { Clock } from '../../clock.ts'
import { UnsuitableDatabaseError } from '../sql/faults.ts'
import { CLAIM_MARK, type Migration, NOT_FINISHED, requireKnown, sha256 } from '../sql/migrations.ts'
import type { PostgresConnections } from './connections.ts'
import { MIGRATION_LOCK } from './locks.ts'
import { type Sql, statement } from './sql.ts'
import type { Transaction } from './transaction.ts'

const SELECT_STATE = statement(
  `SELECT to_regnamespace('yaopai') IS NOT NULL AS "hasSchema",
     to_regclass('yaopai.migrations') IS NOT NULL AS "hasBook",
     EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace('yaopai')) AS "hasTables"`,
)
const SELECT_APPLIED = statement('SELECT name, sha256 FROM yaopai.migrations ORDER BY name')
const NOTE = statement('INSERT INTO yaopai.migrations (name, sha256, applied_at_ms) VALUES ($1, $2, $3)')
const MAKE_BOOK = `
  CREATE TABLE yaopai.migrations (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    sha256 text COLLATE "C" NOT NULL,
    applied_at_ms bigint NOT NULL
  )`
/** A migration, and waiting for one that another node runs, take the time that they take, up to this. */
const MIGRATION_MS = 600_000
const TAKE_LOCK = `
  SET LOCAL lock_timeout = 0;
  SET LOCAL statement_timeout = 0;
  SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`

interface MigrateOptions {
  readonly migrations: readonly Migration[]
  readonly clock: Clock
  /** Who copies a book into it comes while it is not finished; nobody else may. */
  readonly isForCopy?: boolean
}

/**
 * Brings the database up to date in one transaction: all of it or nothing. Nodes that start at once do so in turn, and
 * all but the first find it done.
 * @throws UnsuitableDatabaseError when its book and ours contradict
 */
export async function migrate(
  connections: PostgresConnections,
  { migrations, clock, isForCopy = false }: MigrateOptions,
): Promise<void> {
  const pending = await connections.read((sql) => pendingMigrations(sql, migrations))
  if (!isForCopy) await connections.read(requireFinished)
  if (pending.length === 0) return
  await connections.write(async (tx) => {
    await tx.script(TAKE_LOCK, MIGRATION_MS)
    await makeBook(tx)
    for (const { name, sql } of await pendingMigrations(tx, migrations)) {
      await tx.script(sql, MIGRATION_MS)
      await tx.run(NOTE, name, sha256(sql), clock.nowMs())
    }
  })
}

/** The schema may have been made for us, by who alone may make one. */
async function makeBook(tx: Transaction): Promise<void> {
  const state = await stateOf(tx)
  if (!state.hasSchema) await tx.script('CREATE SCHEMA yaopai')
  if (!state.hasBook) await tx.script(MAKE_BOOK)
}

interface State {
  readonly hasSchema: boolean
  readonly hasBook: boolean
  readonly hasTables: boolean
}

async function stateOf(sql: Sql): Promise<State> {
  return (await sql.one<State>(SELECT_STATE)) ?? { hasSchema: false, hasBook: false, hasTables: false }
}

async function pendingMigrations(sql: Sql, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const { hasBook, hasTables } = await stateOf(sql)
  if (!hasBook && hasTables) {
    throw new UnsuitableDatabaseError(
      'The schema yaopai of the database belongs to another program: name another database',
    )
  }
  const applied = hasBook ? await readApplied(sql) : []
  requireKnown(applied, migrations)
  const isApplied = new Set(applied.map(({ name }) => name))
  return migrations.filter(({ name }) => !isApplied.has(name))
}

async function readApplied(sql: Sql): Promise<readonly { name: string; sha256: string }[]> {
  const rows = await sql.all<{ name: string; sha256: string }>(SELECT_APPLIED)
  return rows.filter(({ name }) => name !== CLAIM_MARK)
}

async function requireFinished(sql: Sql): Promise<void> {
  const { hasBook } = await stateOf(sql)
  const rows = hasBook ? await sql.all<{ name: string }>(SELECT_APPLIED) : []
  if (!rows.some(({ name }) => name === CLAIM_MARK)) return
  throw new UnsuitableDatabaseError(NOT_FINISHED)
}
