import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { firstLogin } from '../../packages/server/src/lib/store/contract/samples.ts'
import { loadDriver } from '../../packages/server/src/lib/store/sqlite/driver.ts'
import {
  openTestStore,
  testFile,
} from '../../packages/server/src/lib/store/sqlite/testing/open-test-store.ts'
import { HALVES, readSqliteBook } from './book.ts'

const LATEST = '(SELECT max(selector) FROM sessions)'
const LATEST_USER = `(SELECT user_id FROM sessions WHERE selector = ${LATEST})`

/** What a crash in the middle would leave of the later of two logins, by what it is called. */
const PLANTED: Readonly<Record<string, string>> = {
  'code without session': `DELETE FROM sessions WHERE selector = ${LATEST}`,
  'session without code': `DELETE FROM codes WHERE selector = ${LATEST}`,
  'session without identity': `UPDATE sessions SET openid = 'nobody' WHERE selector = ${LATEST}`,
  'identity without user': `DELETE FROM users WHERE id = ${LATEST_USER}`,
  'user without identity': `DELETE FROM identities WHERE user_id = ${LATEST_USER}`,
  'ended without a change': `UPDATE sessions SET ended_at_ms = 1 WHERE selector = ${LATEST}`,
}

async function bookOfTwoLogins(t: TestContext): Promise<string> {
  const file = testFile(t)
  const store = await openTestStore(t, { file })
  for (const n of [1, 2]) await store.recordLogin(firstLogin(n))
  await store.close()
  return file
}

test('what a login or its end leaves behind in part is found in the book, and nothing in a whole one', async (t) => {
  const whole = await bookOfTwoLogins(t)
  assert.deepEqual((await readSqliteBook(whole)).halfDone, [])
  for (const [what] of HALVES) {
    const file = testFile(t)
    copyFileSync(whole, file)
    const db = loadDriver().open(file)
    db.exec(`PRAGMA foreign_keys = OFF; ${PLANTED[what]}`)
    db.close()
    const { halfDone } = await readSqliteBook(file)
    assert.ok(halfDone.includes(`half done: ${what}: 1`), `${what}: ${halfDone.join()}`)
  }
})

test('a change that means all sessions ended stands for each of them', async (t) => {
  const file = await bookOfTwoLogins(t)
  const db = loadDriver().open(file)
  db.exec('UPDATE sessions SET ended_at_ms = 1')
  db.exec(`INSERT INTO changes (at_ms, user_id, selector) VALUES (1, 'usr', ${LATEST})`)
  assert.deepEqual((await readSqliteBook(file)).halfDone, ['half done: ended without a change: 1'])
  db.exec(`INSERT INTO changes (at_ms, user_id, selector) VALUES (1, 'usr', NULL)`)
  db.close()
  assert.deepEqual((await readSqliteBook(file)).halfDone, [])
})

test('[R28] no table is looked through for each row of another, so that a large book is read in time', async (t) => {
  const db = loadDriver().open(await bookOfTwoLogins(t))
  t.after(() => db.close())
  for (const [what, from] of HALVES) {
    const sql = `EXPLAIN QUERY PLAN SELECT count(*) FROM ${from.replaceAll(/\bT_/g, '')}`
    const steps = db.prepare(sql).all().map(Object)
    const repeated = new Set(steps.filter(({ detail }) => /^CORRELATED/.test(detail)).map(({ id }) => id))
    const scans = steps.filter(({ parent, detail }) => repeated.has(parent) && /^SCAN/.test(detail))
    assert.deepEqual(scans, [], what)
  }
})
