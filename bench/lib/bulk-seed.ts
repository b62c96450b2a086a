import { systemClock } from '../../packages/server/src/lib/clock.ts'
import { systemRandom } from '../../packages/server/src/lib/random.ts'
import { formatToken, hashToken } from '../../packages/server/src/lib/session/token.ts'
import { openConnection } from '../../packages/server/src/lib/store/sqlite/connection.ts'
import { loadDriver, type SqliteDatabase } from '../../packages/server/src/lib/store/sqlite/driver.ts'
import { migrate, readMigrations } from '../../packages/server/src/lib/store/sqlite/migrate.ts'
import { prepareInserts, type RowPlan, selectorAt } from './bulk-rows.ts'

/** Sessions of one transaction. */
const BATCH = 100_000
/** Nobody else has the file, and one that was cut short is thrown away: no log, no waiting for the disk. */
const WITHOUT_LOG =
  'PRAGMA journal_mode = DELETE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -262144'
/** All sessions began within so many milliseconds, so that none is due to be touched while it is measured. */
const SPAN_MS = 1_000_000

interface SeedOrder {
  /** Is made; must not be there. */
  readonly file: string
  readonly sessions: number
  /** Of how many sessions the token is known, spread evenly. */
  readonly tokensKept: number
  readonly say: (line: string) => void
}

/**
 * A SQLite store with that many living sessions, each of its own user, much faster than through the port: the store
 * makes its own tables, rows go in sorted and without a log, and indexes are built when all rows are there.
 * @returns the living tokens, oldest session first
 */
export async function bulkSeed(order: SeedOrder): Promise<string[]> {
  const db = openConnection(loadDriver(), order.file)
  try {
    migrate(db, order.file, { migrations: readMigrations(), clock: systemClock })
    db.exec(WITHOUT_LOG)
    const plan = planOf(order.sessions)
    withoutIndexes(db, order, () => insertAll(db, plan, order))
    const tokens = giveTokens(db, plan, order)
    db.exec('PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL')
    return tokens
  } finally {
    db.close()
  }
}

function planOf(sessions: number): RowPlan {
  const perMs = Math.max(1, Math.ceil(sessions / SPAN_MS))
  return { perMs, startMs: Date.now() - Math.ceil(sessions / perMs) }
}

/** Sorting once at the end costs a fraction of a million insertions at random places. */
function withoutIndexes(db: SqliteDatabase, { say }: SeedOrder, work: () => void): void {
  const indexes = db
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid")
    .all() as { name: string; sql: string }[]
  for (const { name } of indexes) db.exec(`DROP INDEX ${name}`)
  work()
  say('  Seeding: building indexes')
  for (const { sql } of indexes) db.exec(sql)
}

function insertAll(db: SqliteDatabase, plan: RowPlan, { sessions, say }: SeedOrder): void {
  const insert = prepareInserts(db, plan)
  for (let first = 0; first < sessions; first += BATCH) {
    db.exec('BEGIN')
    insert(first, Math.min(first + BATCH, sessions) - 1)
    db.exec('COMMIT')
    if (first % 1_000_000 === 0) say(`  Seeding: ${first} of ${sessions} sessions`)
  }
}

/** Of the sessions whose token has to be known the hash is that of a token; the others have one that nobody knows. */
function giveTokens(db: SqliteDatabase, plan: RowPlan, { sessions, tokensKept }: SeedOrder): string[] {
  const every = Math.max(1, Math.floor(sessions / tokensKept))
  const setHash = db.prepare('UPDATE sessions SET token_hash = ? WHERE selector = ?')
  const numbers = Array.from({ length: Math.min(sessions, tokensKept) }, (_, at) => at * every)
  db.exec('BEGIN')
  const tokens = numbers.map((number) => {
    const selector = selectorAt(plan, number)
    const token = formatToken('yp1_', selector, systemRandom.bytes(32))
    const { changes } = setHash.run(hashToken(token), selector)
    if (Number(changes) !== 1) throw new Error(`Seeding made no session ${selector}`)
    return token
  })
  db.exec('COMMIT')
  return tokens
}
