import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BOOK, type BookTable } from '../book.ts'
import { firstLogin, NOW_MS, sampleEvent, sampleSelector, sampleUserId } from '../contract/samples.ts'
import { openSqliteSource } from './book-source.ts'
import { loadDriver } from './driver.ts'
import { openTestStore, testFile } from './testing/open-test-store.ts'

const PLACE = 'postgres://db.example/yaopai'

function tableNamed(name: string): BookTable {
  const table = BOOK.find((one) => one.name === name)
  assert.ok(table)
  return table
}

test('a source shows the book of one moment, page by page, while a server goes on writing', async (t) => {
  const file = testFile(t)
  const store = await openTestStore(t, { file })
  for (let n = 1; n <= 5; n += 1) await store.recordLogin(firstLogin(n))
  const source = openSqliteSource({ file, finishAs: null })
  t.after(() => source.close())
  await store.recordLogin(firstLogin(6))
  const sessions = tableNamed('sessions')
  assert.equal(await source.count(sessions), 5)
  const first = await source.page(sessions, null, 3)
  const second = await source.page(sessions, first.at(-1) ?? null, 3)
  assert.deepEqual(
    [...first, ...second].map((row) => row['selector']),
    [1, 2, 3, 4, 5].map(sampleSelector),
  )
  const identities = tableNamed('identities')
  const [, second2, third] = await source.page(identities, null, 10)
  assert.deepEqual(await source.page(identities, second2 ?? null, 1), [third])
  assert.deepEqual(await source.find(identities, [{ ...third, version: 9 }]), [third])
})

test('every column of every table is in a copy, so that a new one cannot be forgotten', async (t) => {
  const file = testFile(t)
  const store = await openTestStore(t, { file })
  const db = loadDriver().open(file)
  t.after(() => db.close())
  for (const { name, columns } of BOOK) {
    const there = db.prepare('SELECT name FROM pragma_table_info(?)').all(name)
    assert.deepEqual(there.map((row) => String(Object(row).name)).sort(), [...columns].sort(), name)
  }
  const kept = BOOK.map(({ name }) => name)
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all()
  const left = tables.map((row) => String(Object(row).name)).filter((name) => !kept.includes(name))
  assert.deepEqual(left.sort(), ['changes', 'migrations', 'notes', 'write_probe'])
  await store.recordLogin({ ...firstLogin(1), events: [sampleEvent(1, { facts: { b: 1, a: 'x' } })] })
  const atMs = NOW_MS
  await store.closeAccount({ userId: sampleUserId(1), atMs, events: [] })
  await store.close()
  const source = openSqliteSource({ file, finishAs: PLACE })
  t.after(() => source.close())
  for (const table of BOOK) {
    for (const row of await source.page(table, null, 10)) assert.deepEqual(Object.keys(row), table.columns)
  }
  const [user] = await source.page(tableNamed('users'), null, 1)
  assert.equal(user?.['closed_at_ms'], atMs)
})

test('the last copy needs the server stopped, and afterwards the file opens for nobody', async (t) => {
  const file = testFile(t)
  const store = await openTestStore(t, { file })
  await store.recordLogin(firstLogin(1))
  assert.throws(() => openSqliteSource({ file, finishAs: PLACE }), {
    name: 'DatabaseInUseError',
    exitCode: 78,
  })
  await store.close()
  const source = openSqliteSource({ file, finishAs: PLACE })
  await assert.rejects(openTestStore(t, { file }), { name: 'DatabaseInUseError' })
  await source.retire(PLACE)
  assert.equal(await source.count(tableNamed('users')), 1)
  await source.close()
  const told = /has moved to postgres:\/\/db\.example\/yaopai by yaopai store copy: set DATABASE_URL/
  await assert.rejects(openTestStore(t, { file }), { message: told, exitCode: 78 })
  assert.throws(() => openSqliteSource({ file, finishAs: null }), { message: told })
})

test('a last copy that ended before the new database was open is done again, to that database alone', async (t) => {
  const file = testFile(t)
  const store = await openTestStore(t, { file })
  await store.recordLogin(firstLogin(1))
  await store.close()
  const first = openSqliteSource({ file, finishAs: PLACE })
  assert.equal(await first.retire(PLACE), true)
  await first.close()
  assert.throws(() => openSqliteSource({ file, finishAs: 'mysql://other.example/b' }), {
    message: /has moved to/,
  })
  const again = openSqliteSource({ file, finishAs: PLACE })
  t.after(() => again.close())
  assert.equal(again.id, first.id)
  assert.equal(await again.count(tableNamed('users')), 1)
  assert.equal(await again.retire(PLACE), true)
})

test('what a command wrote during the last copy keeps the book where it is', async (t) => {
  const file = testFile(t)
  const store = await openTestStore(t, { file })
  await store.recordLogin(firstLogin(1))
  await store.close()
  const source = openSqliteSource({ file, finishAs: PLACE })
  t.after(() => source.close())
  assert.equal(await source.count(tableNamed('sessions')), 1)
  const command = await openTestStore(t, { file, role: 'tool' })
  const end = { selector: sampleSelector(1), userId: sampleUserId(1), atMs: NOW_MS + 1, events: [] }
  assert.equal(await command.endSession({ ...end, reason: 'revoked_by_admin' }), true)
  await command.close()
  assert.equal(await source.retire(PLACE), false)
  await source.close()
  await (await openTestStore(t, { file })).check()
})
