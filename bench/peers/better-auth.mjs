// better-auth's getSession over HTTP, on SQLite. PORT DATABASE plain|cached SESSIONS COOKIES_FILE
// SESSIONS above 0: makes that many first, and writes the cookies of some.
import { createHmac, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import process from 'node:process'
import { NodeSqliteDialect } from '@better-auth/kysely-adapter/node-sqlite-dialect'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import { SECRET } from './who.mjs'

const COOKIES = 2_000
const DAY_MS = 86_400_000
const [port, file, mode, sessions, cookiesFile] = process.argv.slice(2)
const database = await openDatabase()
const auth = betterAuth({
  baseURL: `http://127.0.0.1:${port}`,
  secret: SECRET,
  database: { dialect: new NodeSqliteDialect({ database }), type: 'sqlite' },
  // It would refuse all but a hundred requests of one address in ten seconds.
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  // Its page on performance recommends joins for getSession.
  experimental: { joins: true },
  ...(mode === 'cached' ? { session: { cookieCache: { enabled: true, maxAge: 3600 } } } : {}),
})
await seed(Number(sessions))
createServer(toNodeHandler(auth)).listen(Number(port), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))

/** Node's own SQLite, which its page names; the same API from a package where Node has none. */
async function openDatabase() {
  const module = process.versions.sqlite ? 'node:sqlite' : '@photostructure/sqlite'
  const { DatabaseSync } = await import(module)
  const opened = new DatabaseSync(file)
  opened.exec('PRAGMA journal_mode = WAL')
  return opened
}

async function seed(count) {
  const { runMigrations } = await getMigrations(auth.options)
  await runMigrations()
  if (count > 0) insertAll(count)
  const every = Math.max(1, Math.floor(count / COOKIES))
  const rows = database.prepare(`SELECT token FROM session WHERE rowid % ${every} = 0 LIMIT ${COOKIES}`).all()
  const cookies = []
  for (const { token } of rows) cookies.push(await cookiesOf(token))
  writeFileSync(cookiesFile, `${cookies.join('\n')}\n`)
}

function insertAll(count) {
  const addUser = database.prepare(
    'INSERT INTO user (id, name, email, emailVerified, createdAt, updatedAt) VALUES (?, ?, ?, 0, ?, ?)',
  )
  const addSession = database.prepare(
    'INSERT INTO session (id, expiresAt, token, createdAt, updatedAt, ipAddress, userAgent, userId) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const now = new Date().toISOString()
  const later = new Date(Date.now() + 7 * DAY_MS).toISOString()
  database.exec('BEGIN')
  for (let number = 0; number < count; number += 1) {
    const id = String(number).padStart(32, '0')
    addUser.run(id, 'alice', `${number}@example.com`, now, now)
    addSession.run(id, later, randomBytes(24).toString('base64url'), now, now, '127.0.0.1', 'wrk', id)
  }
  database.exec('COMMIT')
}

/** The cookie that a login sets, and the one with the cached session where there is one. */
async function cookiesOf(token) {
  const signature = createHmac('sha256', SECRET).update(token).digest('base64')
  const cookie = `better-auth.session_token=${encodeURIComponent(`${token}.${signature}`)}`
  if (mode !== 'cached') return cookie
  const response = await auth.handler(
    new Request(`http://127.0.0.1:${port}/api/auth/get-session`, { headers: { cookie } }),
  )
  const cached = response.headers.getSetCookie().map((line) => line.split(';')[0])
  return [cookie, ...cached.filter((line) => line.startsWith('better-auth.session_data='))].join('; ')
}
