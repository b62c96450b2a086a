import { loadDriver } from '../../packages/server/src/lib/store/sqlite/driver.ts'

/** The database under test, as it is found when all is over. */
export interface Book {
  /** What the servers are given as DATABASE_URL. */
  readonly url: string
  read(): Promise<BookReading>
}

export interface BookReading {
  /** What a login or its end has left behind in part; empty where all is whole. */
  readonly halfDone: string[]
  /** As the history names them: type and session. */
  readonly audit: string[]
}

type Row = Readonly<Record<string, unknown>>
type Ask = (sql: string) => Promise<readonly Row[]>

/**
 * Each question finds what a login or its end would have left behind in part; T stands for what tables are called by.
 * None looks through a table for each row of another: the book of a herd has a hundred thousand of each.
 */
export const HALVES: readonly (readonly [what: string, sql: string])[] = [
  ['code without session', 'T_codes WHERE selector NOT IN (SELECT selector FROM T_sessions)'],
  ['session without code', 'T_sessions WHERE selector NOT IN (SELECT selector FROM T_codes)'],
  [
    'session without identity',
    `T_sessions WHERE openid <> '' AND (appid, openid) NOT IN (SELECT appid, openid FROM T_identities)`,
  ],
  ['identity without user', 'T_identities WHERE user_id NOT IN (SELECT id FROM T_users)'],
  ['user without identity', 'T_users WHERE id NOT IN (SELECT user_id FROM T_identities)'],
  [
    'ended without a change',
    `T_sessions WHERE ended_at_ms IS NOT NULL
        AND selector NOT IN (SELECT selector FROM T_changes WHERE selector IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM T_changes WHERE selector IS NULL)`,
  ],
]

/** Only SQLite has no server that sees to these. */
const SQLITE_HALVES: typeof HALVES = [
  ['broken page', "pragma_integrity_check WHERE integrity_check <> 'ok'"],
  ['reference to nothing', 'pragma_foreign_key_check'],
]

const AUDIT = `SELECT type, session_id FROM T_events
  WHERE session_id IS NOT NULL AND type IN ('login.succeeded', 'session.ended')`

export function sqliteBook(file: string): Book {
  return { url: `file:${file}`, read: () => readSqliteBook(file) }
}

export async function readSqliteBook(file: string): Promise<BookReading> {
  const db = loadDriver().open(file)
  try {
    const ask: Ask = async (sql) => db.prepare(sql).all().map(Object)
    return await readBy(ask, '', [...HALVES, ...SQLITE_HALVES])
  } finally {
    db.close()
  }
}

/** @param prefix of the tables: a schema, or the beginning of their names */
export function serverBook(url: string, prefix: string, ask: Ask): Book {
  return { url, read: () => readBy(ask, prefix, HALVES) }
}

async function readBy(ask: Ask, prefix: string, halves: typeof HALVES): Promise<BookReading> {
  const put = (sql: string) => sql.replaceAll(/\bT_/g, prefix)
  const halfDone: string[] = []
  for (const [what, from] of halves) {
    const [row] = await ask(put(`SELECT count(*) AS count FROM ${from}`))
    const count = Number(row?.['count'])
    if (count !== 0) halfDone.push(`half done: ${what}: ${count}`)
  }
  const lines = await ask(put(AUDIT))
  return { halfDone, audit: lines.map((line) => `${line['type']} ${line['session_id']}`) }
}
