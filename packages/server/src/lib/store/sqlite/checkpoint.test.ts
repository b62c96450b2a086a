import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createCheckpoint } from './checkpoint.ts'
import { APPLICATION_ID, openConnection } from './connection.ts'
import { loadDriver, type SqliteDatabase } from './driver.ts'
import { testFile } from './testing/open-test-store.ts'

const LONG_FRAMES = 100
const FRAME_BYTES = 4_120

function setUp(t: TestContext) {
  const file = testFile(t)
  const open = () => {
    const db = openConnection(loadDriver(), file)
    t.after(() => db.close())
    return db
  }
  const db = open()
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; CREATE TABLE pages (bytes BLOB)`)
  const cuts: string[] = []
  const watched: SqliteDatabase = {
    prepare: (sql) => db.prepare(sql),
    close: () => db.close(),
    exec: (sql) => {
      if (/busy_timeout = [1-9]/.test(sql)) cuts.push(sql)
      db.exec(sql)
    },
  }
  let nowMs = 0
  const failures: unknown[] = []
  const checkpoint = createCheckpoint(watched, (cause) => failures.push(cause), {
    longFrames: LONG_FRAMES,
    monotonic: { nowMs: () => nowMs },
  })
  const insert = db.prepare('INSERT INTO pages VALUES (zeroblob(4000))')
  return {
    open,
    cuts,
    failures,
    pass: (ms: number) => {
      nowMs += ms
    },
    async commit(times: number) {
      for (let n = 0; n < times; n += 1) {
        insert.run()
        checkpoint.afterCommit()
        if (n % 8 === 7) await nextTurn()
      }
      await nextTurn()
    },
    logBytes: () => statSync(`${file}-wal`).size,
    busyTimeoutMs: () => Object.values(db.prepare('PRAGMA busy_timeout').get() as object)[0],
  }
}

/** A transaction that reads the state of the book as it is now, until it is ended. */
function readLong(db: SqliteDatabase): { end(): void } {
  db.exec('BEGIN')
  db.prepare('SELECT count(*) FROM pages').get()
  return { end: () => db.exec('COMMIT') }
}

test('a log that has become long is cut off as soon as nobody reads in it', async (t) => {
  const { open, commit, logBytes, pass, failures } = setUp(t)
  const reading = readLong(open())
  await commit(400)
  assert.ok(logBytes() > 2 * LONG_FRAMES * FRAME_BYTES, 'while somebody reads, it can only grow')
  reading.end()
  pass(5_000)
  await commit(8)
  assert.ok(logBytes() < 8 * 3 * FRAME_BYTES, `${logBytes()} bytes`)
  await commit(400)
  assert.ok(logBytes() < 3 * LONG_FRAMES * FRAME_BYTES, 'and stays short')
  assert.deepEqual(failures, [])
})

test('a long reader costs the writer a short wait every five seconds, and no write', async (t) => {
  const { open, commit, cuts, pass, failures, busyTimeoutMs } = setUp(t)
  const reading = readLong(open())
  await commit(400)
  assert.deepEqual(cuts, ['PRAGMA busy_timeout = 50'])
  pass(4_999)
  await commit(80)
  assert.equal(cuts.length, 1)
  pass(1)
  await commit(80)
  assert.equal(cuts.length, 2)
  assert.equal(busyTimeoutMs(), 0)
  assert.deepEqual(failures, [])
  reading.end()
})
