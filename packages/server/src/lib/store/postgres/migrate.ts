import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { Clock } from '../../clock.ts'
import { LIB } from '../../own-files.ts'
import { isExpansion } from '../migration-names.ts'
import type { Connections } from './connections.ts'
import { UnsuitableDatabaseError } from './errors.ts'
import { MIGRATION_LOCK } from './locks.ts'
import { type Sql, statement } from './sql.ts'
import type { Transaction } from './transaction.ts'

export interface Migration {
  readonly name: string
  readonly sql: string
}

const FOLDER = new URL('store/postgres/migrations/', LIB)

/** A row among the migrations: the book is a copy that is not finished, of the book that the row's digest names. */
export const CLAIM_MARK = '~copy not finished'

/** The files of `migrations`, in the order of their numbers. They never change once they were published. */
export function readMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ name, sql: readFileSync(new URL(name, FOLDER), 'utf8') }))
}

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
  connections: Connections,
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
  throw new UnsuitableDatabaseError(
    'The database holds a copy that is not finished: stop the servers on the old one, and run yaopai store copy again with --finish',
  )
}

function requireKnown(
  applied: readonly { readonly name: string; readonly sha256: string }[],
  migrations: readonly Migration[],
): void {
  const known = new Map(migrations.map(({ name, sql }) => [name, sha256(sql)]))
  for (const { name, sha256: digest } of applied) {
    const own = known.get(name)
    if (own === undefined && isExpansion(name)) continue
    if (own === undefined) {
      throw new UnsuitableDatabaseError(
        `A newer version has written the database (migration ${name}): run that version, or restore a backup of before`,
      )
    }
    if (own !== digest) {
      throw new UnsuitableDatabaseError(
        `The migration ${name} is not the one that the database got: install the published package again`,
      )
    }
  }
}

/** Line ends do not count: a checkout on Windows may have changed them. */
function sha256(sql: string): string {
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex')
}
