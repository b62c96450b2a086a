import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { hashToken, isSameHash, parseToken } from '../../packages/server/src/lib/session/token.ts'
import { loadDriver, type SqliteDatabase } from '../../packages/server/src/lib/store/sqlite/driver.ts'
import { openSqliteStore } from '../../packages/server/src/lib/store/sqlite/sqlite-store.ts'
import type { Store } from '../../packages/server/src/lib/store/store.ts'
import { bulkSeed } from './bulk-seed.ts'

const SESSIONS = 200

test('rows that were seeded in bulk are those that the port writes for the same logins', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-seed-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const [bulk, byPort] = [join(folder, 'bulk.db'), join(folder, 'port.db')]
  const tokens = await bulkSeed({ file: bulk, sessions: SESSIONS, tokensKept: 50, say: () => undefined })
  const [from, to] = [await open(bulk), await open(byPort)]
  await sessionsOpen(from, tokens)
  for (const selector of selectorsOf(bulk)) await logInAgain(from, to, selector)
  await Promise.all([from.close(), to.close()])
  assert.equal(selectorsOf(byPort).length, SESSIONS)
  assert.deepEqual(dump(bulk), dump(byPort))
})

function open(file: string): Promise<Store> {
  return openSqliteStore({ file, role: 'server', onFatal: assert.fail })
}

async function sessionsOpen(store: Store, tokens: readonly string[]): Promise<void> {
  assert.equal(tokens.length, 50)
  for (const token of tokens) {
    const session = await store.findSession(parseToken('yp1_', token)?.selector ?? 0)
    assert.ok(session !== null && isSameHash(session.tokenHash, hashToken(token)))
  }
}

/** What the one store says of a login is written to the other through the port. */
async function logInAgain(from: Store, to: Store, selector: number): Promise<void> {
  const stored = await from.findSession(selector)
  assert.ok(stored !== null)
  const { user, pending, renewals, ...session } = stored
  const identity = await from.findIdentity(session)
  assert.ok(identity !== null && pending === null && renewals === 0)
  const outcome = await to.recordLogin({
    code: null,
    user: { kind: 'create', record: user },
    identity: { kind: 'create', record: identity },
    seenSelectors: [],
    endSessions: [],
    session,
    events: await from.listEvents({ userId: user.id, limit: 10 }),
  })
  assert.equal(outcome, 'recorded')
}

function selectorsOf(file: string): number[] {
  const rows = reading(file, (db) => db.prepare('SELECT selector FROM sessions ORDER BY selector').all())
  return (rows as { selector: number }[]).map(({ selector }) => selector)
}

/** Every row of every table, and what tables and indexes are made of. */
function dump(file: string): unknown {
  return reading(file, (db) => {
    const schema = db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all()
    const tables = (schema as { type: string; name: string }[]).filter(({ type }) => type === 'table')
    const rows = tables
      .filter(({ name }) => !name.startsWith('sqlite_') && name !== 'migrations')
      .map(({ name }) => [name, db.prepare(`SELECT * FROM ${name}`).all()])
    assert.deepEqual(db.prepare('PRAGMA foreign_key_check').all(), [])
    assert.match(JSON.stringify(db.prepare('PRAGMA integrity_check').all()), /^\[{"integrity_check":"ok"}\]$/)
    return { schema, rows }
  })
}

function reading<Result>(file: string, work: (db: SqliteDatabase) => Result): Result {
  const db = loadDriver().open(file)
  try {
    return work(db)
  } finally {
    db.close()
  }
}
