import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import { firstLogin, queryOf, sampleHash, sampleSelector, sampleUserId } from '../contract/samples.ts'
import type { DatabaseError } from '../database-error.ts'
import { readValue } from './connection.ts'
import { isRecentSqlite, loadDriver } from './driver.ts'
import { DamagedDatabaseError, UnsuitableSqliteError, WrongDatabaseError } from './errors.ts'
import { readMigrations } from './migrate.ts'
import { openTestStore, testFile } from './testing/open-test-store.ts'
import { wrappedDriver } from './testing/wrapped-driver.ts'

const posixOnly = process.platform === 'win32' ? { skip: 'file modes are a matter of POSIX' } : {}

test(
  'the database, its log, its lock and the folder made for them are for their owner alone',
  posixOnly,
  async (t) => {
    const file = join(dirname(testFile(t)), 'made', 'here', 'yaopai.db')
    const store = await openTestStore(t, { file })
    await store.recordLogin(firstLogin(1))
    const names = readdirSync(dirname(file)).sort()
    assert.deepEqual(names, ['yaopai.db', 'yaopai.db-lock', 'yaopai.db-shm', 'yaopai.db-wal'])
    for (const name of names) assert.equal(statSync(join(dirname(file), name)).mode & 0o777, 0o600, name)
    assert.equal(statSync(dirname(file)).mode & 0o777, 0o700)
  },
)

test('a restart keeps everything', async (t) => {
  const file = testFile(t)
  const before = await openTestStore(t, { file })
  await before.recordLogin(firstLogin(1))
  await before.useOpenData({ hash: sampleHash('mark'), forgetAfterMs: 1, events: [] })
  await before.close()
  const store = await openTestStore(t, { file })
  assert.notEqual(await store.findSession(sampleSelector(1)), null)
  assert.notEqual(await store.findUser(sampleUserId(1)), null)
  assert.notEqual(await store.findIdentity(queryOf(1)), null)
  assert.notEqual(await store.findCode(sampleHash('code-1')), null)
  assert.equal(
    await store.useOpenData({ hash: sampleHash('mark'), forgetAfterMs: 1, events: [] }),
    'conflict',
  )
})

test('a file that is no database, or whose schema is torn, is damaged: exit 65 and the way back', async (t) => {
  const garbage = testFile(t)
  writeFileSync(garbage, 'no database at all, but long enough to be looked at as one'.repeat(100))
  await assertRefused(openTestStore(t, { file: garbage }), DamagedDatabaseError, 65, /newest backup/)
})

test('the database of another program is left alone', async (t) => {
  const file = testFile(t)
  const other = loadDriver().open(file)
  other.exec('CREATE TABLE theirs (a)')
  other.close()
  await assertRefused(openTestStore(t, { file }), WrongDatabaseError, 78, /belongs to another program/)
  const still = loadDriver().open(file)
  assert.equal(readValue(still, 'SELECT group_concat(name) AS value FROM sqlite_schema'), 'theirs')
  still.close()
})

test('a tool makes no database: a wrong name is told', async (t) => {
  const file = testFile(t)
  await assertRefused(
    openTestStore(t, { file, role: 'tool' }),
    WrongDatabaseError,
    78,
    /There is no database/,
  )
  assert.deepEqual(readdirSync(dirname(file)), [])
})

test('a file that a newer version wrote, and a migration that was altered, are refused with the cure', async (t) => {
  const file = testFile(t)
  const migrations = readMigrations()
  const newer = [...migrations, { name: '999-future.sql', sql: 'CREATE TABLE future (a) STRICT' }]
  const altered = migrations.map((one) => ({ ...one, sql: `${one.sql}\n-- a word more` }))
  const valid = [...migrations, { name: '999-future.sql', sql: 'CREATE TABLE future (a INTEGER) STRICT' }]
  await assert.rejects(openTestStore(t, { file, migrations: newer }), 'a migration that fails is not applied')
  await (await openTestStore(t, { file, migrations: valid })).close()
  await assertRefused(openTestStore(t, { file }), WrongDatabaseError, 78, /newer version.*999-future/)
  const second = testFile(t)
  await (await openTestStore(t, { file: second })).close()
  await assertRefused(
    openTestStore(t, { file: second, migrations: altered }),
    WrongDatabaseError,
    78,
    /001-first-book\.sql is not the one/,
  )
  const windows = migrations.map((one) => ({ ...one, sql: one.sql.replaceAll('\n', '\r\n') }))
  await (await openTestStore(t, { file: second, migrations: windows })).close()
})

test('[R25] one step back: a version opens what the next one has only added to, goes on with it, and so does the next', async (t) => {
  const file = testFile(t)
  const added = { name: '999-added.expand.sql', sql: 'ALTER TABLE users ADD COLUMN motto TEXT' }
  const next = [...readMigrations(), added]
  const newer = await openTestStore(t, { file, migrations: next })
  await newer.recordLogin(firstLogin(1))
  await newer.close()
  const older = await openTestStore(t, { file })
  assert.equal(await older.recordLogin(firstLogin(2)), 'recorded')
  assert.equal((await older.findSession(sampleSelector(1)))?.userId, sampleUserId(1))
  await older.close()
  const again = await openTestStore(t, { file, migrations: next })
  assert.equal((await again.findSession(sampleSelector(2)))?.userId, sampleUserId(2))
})

test('[R01] migrations are applied together or not at all', async (t) => {
  const file = testFile(t)
  const broken = [...readMigrations(), { name: '999-broken.sql', sql: 'CREATE TABLE half (a) STRICT; oops' }]
  await assert.rejects(openTestStore(t, { file, migrations: broken }))
  const db = loadDriver().open(file)
  assert.equal(readValue(db, 'SELECT count(*) AS value FROM sqlite_schema'), 0)
  db.close()
  await (await openTestStore(t, { file })).check()
})

test('a tool brings an old file up to date only while no server runs on it', async (t) => {
  const file = testFile(t)
  const server = await openTestStore(t, { file })
  const migrations = [...readMigrations(), { name: '999-next.sql', sql: 'CREATE TABLE next (a TEXT) STRICT' }]
  await assert.rejects(openTestStore(t, { file, role: 'tool', migrations }), /Another server runs on/)
  await server.close()
  await (await openTestStore(t, { file, role: 'tool', migrations })).close()
  await (await openTestStore(t, { file, migrations })).check()
})

test('an SQLite that is too old is refused, and the one that is used is not', async (t) => {
  for (const version of ['3.51.3', '3.51.10', '3.53.0', '4.0.0']) assert.ok(isRecentSqlite(version), version)
  for (const version of ['3.51.2', '3.50.4', '2.99.99', '']) assert.ok(!isRecentSqlite(version), version)
  const driver = loadDriver()
  const old = {
    open(file: string) {
      const db = driver.open(file)
      const prepare = (sql: string) => db.prepare(sql.replace('sqlite_version()', "'3.44.0'"))
      return { exec: (sql: string) => db.exec(sql), prepare, close: () => db.close() }
    },
  }
  await assertRefused(
    openTestStore(t, { driver: old }),
    UnsuitableSqliteError,
    78,
    /SQLite 3\.44\.0 is too old/,
  )
})

test('[R01] the database is in WAL mode and every commit is synced in full', async (t) => {
  const settings: string[] = []
  const file = testFile(t)
  await openTestStore(t, { file, driver: wrappedDriver((sql) => void settings.push(sql)) })
  assert.ok(settings.some((sql) => sql.includes('PRAGMA synchronous = FULL')))
  const db = loadDriver().open(file)
  assert.equal(readValue(db, 'SELECT journal_mode AS value FROM pragma_journal_mode'), 'wal')
  db.close()
})

test('loading SQLite warns users of nothing', () => {
  const url = new URL('./driver.ts', import.meta.url).href
  const program = `const { loadDriver } = await import(${JSON.stringify(url)}); loadDriver().open(':memory:').close()`
  const args = ['--conditions=yaopai-source', '--import', 'tsx', '--input-type=module', '--eval', program]
  const output = execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  assert.equal(output, '')
})

async function assertRefused(
  opening: Promise<unknown>,
  kind: new (...args: never[]) => DatabaseError,
  exitCode: number,
  message: RegExp,
): Promise<void> {
  await assert.rejects(opening, (error) => {
    assert.ok(error instanceof kind, String(error))
    assert.equal(error.exitCode, exitCode)
    assert.match(error.message, message)
    return true
  })
}
