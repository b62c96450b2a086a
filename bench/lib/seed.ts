import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemRandom } from '../../packages/server/src/lib/random.ts'
import { DEFAULT_POLICY } from '../../packages/server/src/lib/session/lifetime.ts'
import { formatToken, hashToken } from '../../packages/server/src/lib/session/token.ts'
import { loadDriver, type SqliteDatabase } from '../../packages/server/src/lib/store/sqlite/driver.ts'
import { openSqliteStore } from '../../packages/server/src/lib/store/sqlite/sqlite-store.ts'
import { APPID } from '../peers/yaopai.ts'
import type { Bench } from './figure.ts'

const ROWS_A_STEP = 250_000
const TOKENS_KEPT = 10_000
const SELECTORS_A_MILLISECOND = 4096
/** As long as a sealed session_key. */
const SEALED_KEY = `v1.bench.${'a'.repeat(16)}.${'b'.repeat(32)}.${'c'.repeat(22)}`
/** Scatters the openids over the users, as WeChat's are; shares no factor with a power of ten. */
const SCATTER = 7_368_787

export interface Seeded {
  readonly databaseFile: string
  /** One living token a line. */
  readonly tokensFile: string
  /** Of user number `i`, whose session has the selector of the millisecond `startMs + i`. */
  readonly startMs: number
}

/** What the seeding has made for user number `i`. */
export function seededUser(i: number, { sessions, startMs }: { sessions: number; startMs: number }) {
  const userId = `usr_${String(i).padStart(16, '0')}` as const
  const openid = `o${String((i * SCATTER) % sessions).padStart(27, '0')}`
  return { userId, openid, selector: (startMs + i) * SELECTORS_A_MILLISECOND, keyRing: [SEALED_KEY] }
}

/**
 * A store with that many living sessions, each of its own user with an identity, a sealed key and an event. Written
 * past the port by a few large statements, a million rows in some ten seconds: what is measured begins afterwards.
 */
export async function seedSessions(bench: Bench, databaseName = 'yaopai.db'): Promise<Seeded> {
  const databaseFile = join(bench.folder, databaseName)
  const tokensFile = join(bench.folder, `${databaseName}-tokens`)
  const store = await openSqliteStore({
    file: databaseFile,
    role: 'server',
    onFatal: fail,
    threadEntry: null,
  })
  await store.close()
  const db = loadDriver().open(databaseFile)
  const startMs = Date.now() - bench.sessions
  try {
    db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144')
    withoutIndices(db, () => fill(bench, db, startMs))
    const tokens = keepTokens(db, bench.sessions, startMs)
    await writeFile(tokensFile, `${tokens.join('\n')}\n`)
    db.exec('PRAGMA journal_mode = WAL')
  } finally {
    db.close()
  }
  return { databaseFile, tokensFile, startMs }
}

/** Sorted once at the end they are built many times faster than row by row, and as densely as after a VACUUM. */
function withoutIndices(db: SqliteDatabase, work: () => void): void {
  const rows = db
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
    .all() as { readonly name: string; readonly sql: string }[]
  for (const { name } of rows) db.exec(`DROP INDEX ${name}`)
  work()
  for (const { sql } of rows) db.exec(sql)
}

/** User `i` came at `startMs + i`; ids of 16 digits stand in that order. */
const USER_ID = "printf('usr_%016d', i)"
const OPENID = `printf('o%027d', (i * ${SCATTER}) % ?)`
const NUMBERS = 'WITH RECURSIVE n (i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)'
const SELECTOR = `((? + i) * ${SELECTORS_A_MILLISECOND})`

function fill(bench: Bench, db: SqliteDatabase, startMs: number): void {
  const { idleSeconds, absoluteSeconds } = DEFAULT_POLICY
  const users = db.prepare(
    `${NUMBERS} INSERT INTO users SELECT ${USER_ID}, 'alice', NULL, NULL, ? + i, NULL, NULL FROM n`,
  )
  const sessions = db.prepare(
    `${NUMBERS} INSERT INTO sessions (selector, token_hash, user_id, platform, appid, openid, created_at_ms,
       idle_seconds, idle_deadline_ms, absolute_deadline_ms)
     SELECT ${SELECTOR}, randomblob(32), ${USER_ID}, 'wechat', '${APPID}', ${OPENID}, ? + i,
       ${idleSeconds}, ? + i + ${(idleSeconds + 3_600) * 1000}, ? + i + ${absoluteSeconds * 1000} FROM n`,
  )
  const events = db.prepare(
    `${NUMBERS} INSERT INTO events SELECT printf('evt_%016d', i), ? + i, 'login.succeeded', '${APPID}', ${USER_ID},
       printf('ses_%014x', ${SELECTOR}), printf('req_%022d', i), '203.0.113.7', '{}' FROM n`,
  )
  for (let first = 0; first < bench.sessions; first += ROWS_A_STEP) {
    const end = Math.min(first + ROWS_A_STEP, bench.sessions)
    users.run(first, end, startMs)
    sessions.run(first, end, startMs, bench.sessions, startMs, startMs, startMs)
    events.run(first, end, startMs, startMs)
    bench.say(`Seeding: ${end} of ${bench.sessions} sessions`)
  }
  fillIdentities(db, bench.sessions, startMs)
}

/** In the order of their key, so that each row comes behind the last one. */
function fillIdentities(db: SqliteDatabase, sessions: number, startMs: number): void {
  db.prepare(
    `${NUMBERS} INSERT INTO identities SELECT 'wechat', '${APPID}', ${OPENID} AS openid, ${USER_ID}, NULL, 'default',
       '["${SEALED_KEY}"]', ? + i, 1 FROM n ORDER BY openid`,
  ).run(0, sessions, sessions, startMs)
}

/** Some sessions get the hash of a token that is known. */
function keepTokens(db: SqliteDatabase, sessions: number, startMs: number): string[] {
  const every = Math.max(1, Math.floor(sessions / TOKENS_KEPT))
  const giveHash = db.prepare('UPDATE sessions SET token_hash = ? WHERE selector = ?')
  return Array.from({ length: Math.ceil(sessions / every) }, (_, place) => {
    const selector = (startMs + place * every) * SELECTORS_A_MILLISECOND
    const token = formatToken('yp1_', selector, systemRandom.bytes(32))
    giveHash.run(hashToken(token), selector)
    return token
  })
}

function fail(error: unknown): never {
  throw error
}
