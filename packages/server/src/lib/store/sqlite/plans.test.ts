import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadDriver, type SqliteDriver } from './driver.ts'
import { openTestStore, testFile } from './testing/open-test-store.ts'

/** Reads that look at all there is, and may. */
const FULL_SCANS = [/FROM sqlite_schema/, /FROM migrations/, /sqlite_version/, /pragma_/]

test('every statement finds its rows by key or index; none walks through a table', async (t) => {
  const file = testFile(t)
  const statements: string[] = []
  await openTestStore(t, { file, driver: noting(statements) })
  const db = loadDriver().open(file)
  const planned = statements.filter((sql) => /^\s*(SELECT|UPDATE|DELETE|INSERT)/.test(sql))
  assert.ok(planned.length > 30, `${planned.length} statements`)
  for (const sql of planned.filter((one) => !FULL_SCANS.some((allowed) => allowed.test(one)))) {
    const plan = JSON.stringify(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all())
    // A row of subqueries, or a subquery, which have plans of their own, is no table.
    assert.doesNotMatch(plan, /"detail":"SCAN (?!CONSTANT ROW|\(subquery)/, `${sql}\n${plan}`)
  }
  db.close()
})

function noting(statements: string[]): SqliteDriver {
  const driver = loadDriver()
  return {
    open(file) {
      const db = driver.open(file)
      const prepare: typeof db.prepare = (sql) => {
        statements.push(sql)
        return db.prepare(sql)
      }
      return { exec: (sql) => db.exec(sql), prepare, close: () => db.close() }
    },
  }
}
