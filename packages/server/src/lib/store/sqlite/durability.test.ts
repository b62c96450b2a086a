import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { StoreUnavailableError } from '../../errors.ts'
import { firstLogin, sampleEvent, sampleSelector, sampleUserId } from '../contract/samples.ts'
import type { DatabaseError } from '../database-error.ts'
import { DamagedDatabaseError, WriteNotDurableError } from './errors.ts'
import { compileChildren } from './testing/compile-children.ts'
import { openTestStore, testFile } from './testing/open-test-store.ts'
import { endOf, startChild } from './testing/run-child.ts'
import { sqliteError, wrappedDriver } from './testing/wrapped-driver.ts'

const IOERR_FSYNC = 1034
const FULL = 13
const CORRUPT = 11

test('[R05] a commit that the disk does not confirm is acknowledged to nobody, and nothing is after it', async (t) => {
  const told: DatabaseError[] = []
  let isBroken = false
  const driver = wrappedDriver((sql) => {
    if (isBroken && sql === 'COMMIT') throw sqliteError(IOERR_FSYNC, 'disk I/O error')
  })
  const store = await openTestStore(t, { driver, onFatal: (error) => told.push(error) })
  await store.recordLogin(firstLogin(1))
  isBroken = true
  const outcomes = await Promise.allSettled([2, 3].map((n) => store.recordLogin(firstLogin(n))))
  assert.ok(outcomes.every((one) => one.status === 'rejected' && one.reason instanceof StoreUnavailableError))
  isBroken = false
  await assert.rejects(store.recordLogin(firstLogin(4)), StoreUnavailableError)
  await assert.rejects(store.findSession(sampleSelector(1)), StoreUnavailableError)
  assert.equal(told.length, 1)
  assert.ok(told[0] instanceof WriteNotDurableError)
  assert.equal(told[0].exitCode, 70)
  assert.match(told[0].message, /yaopai\.db: check the disk, then start again$/)
})

test('[R05] an fsync that fails under the running store ends the process with 70; no login is acknowledged after it', {
  ...needs('strace'),
  timeout: 120_000,
}, async (t) => {
  const children = compileChildren()
  after(() => children.remove())
  const file = testFile(t)
  const log = join(dirname(file), 'strace.log')
  const inject = ['-e', 'trace=fsync,fdatasync,write', '-e', 'inject=fsync,fdatasync:error=EIO:when=40']
  const under = ['strace', '-f', '-qq', '-o', log, ...inject]
  const child = startChild(children.path('login-child.ts'), [file, '1', '100000'], under)
  const { code, stdout, stderr } = await endOf(child)
  assert.equal(code, 70, stderr)
  assert.match(stderr, /WriteNotDurableError/)
  const calls = readFileSync(log, 'utf8').split('\n')
  const failed = calls.findIndex((line) => line.includes('(INJECTED)'))
  assert.ok(failed > 0)
  assert.deepEqual(
    calls.slice(failed).filter((line) => / write\(1, "\d/.test(line)),
    [],
  )
  const acknowledged = stdout
    .split('\n')
    .filter((line) => /^\d+$/.test(line))
    .map(Number)
  assert.ok(acknowledged.length > 50, `${acknowledged.length} logins before`)
  const store = await openTestStore(t, { file })
  for (const n of acknowledged) assert.notEqual(await store.findSession(sampleSelector(n)), null)
})

test('a full disk refuses writes while it is full, reads go on, and it needs no restart', async (t) => {
  let isFull = false
  const driver = wrappedDriver((sql) => {
    if (isFull && (sql.startsWith('INSERT') || sql.startsWith('UPDATE'))) {
      throw sqliteError(FULL, 'database or disk is full')
    }
  })
  const store = await openTestStore(t, { driver })
  await store.recordLogin(firstLogin(1))
  isFull = true
  await assert.rejects(store.recordLogin(firstLogin(2)), StoreUnavailableError)
  await assert.rejects(store.check(), StoreUnavailableError, 'a store that cannot write is not ready')
  assert.notEqual(await store.findSession(sampleSelector(1)), null)
  isFull = false
  assert.equal(await store.findSession(sampleSelector(2)), null)
  await store.check()
  assert.equal(await store.recordLogin(firstLogin(2)), 'recorded')
})

test('[R01] a write that fails half way leaves nothing, and the others of its transaction are written', async (t) => {
  let inserts = 0
  const driver = wrappedDriver((sql) => {
    if (!sql.startsWith('INSERT INTO events')) return
    inserts += 1
    // The second login's first event, both times: in the batch, and when that is done again with care.
    if (inserts === 3 || inserts === 6) throw sqliteError(1, 'SQL logic error')
  })
  const store = await openTestStore(t, { driver })
  const logins = [1, 2, 3].map((n) => {
    const userId = sampleUserId(n)
    const events = [sampleEvent(10 * n, { userId }), sampleEvent(10 * n + 1, { userId })]
    return store.recordLogin(firstLogin(n, { events }))
  })
  const outcomes = await Promise.allSettled(logins)
  assert.deepEqual(
    outcomes.map((one) => one.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.equal(await store.findUser(sampleUserId(2)), null)
  assert.deepEqual(await store.listEvents({ userId: sampleUserId(2), limit: 9 }), [])
  assert.notEqual(await store.findUser(sampleUserId(3)), null)
})

test('[R03] a read that fails is store_unavailable, never an answer; pages that contradict each other end it', async (t) => {
  const told: DatabaseError[] = []
  let code = 0
  const driver = wrappedDriver((sql) => {
    if (code !== 0 && sql.includes('FROM sessions')) throw sqliteError(code, 'said by SQLite')
  })
  const store = await openTestStore(t, { driver, onFatal: (error) => told.push(error) })
  await store.recordLogin(firstLogin(1))
  code = 10
  await assert.rejects(store.findSession(sampleSelector(1)), StoreUnavailableError)
  code = 0
  assert.notEqual(await store.findSession(sampleSelector(1)), null)
  code = CORRUPT
  await assert.rejects(store.findSession(sampleSelector(1)), StoreUnavailableError)
  assert.ok(told[0] instanceof DamagedDatabaseError)
  assert.equal(told[0].exitCode, 65)
})

test('writes that wait are bounded: who comes beyond is refused at once', async (t) => {
  const store = await openTestStore(t)
  const writes = Array.from({ length: 10_001 }, () => store.touchSession(1, 1))
  const outcomes = await Promise.allSettled(writes)
  assert.equal(outcomes.filter((one) => one.status === 'rejected').length, 1)
  assert.equal(outcomes.at(-1)?.status, 'rejected')
})

test('writes that come together share a commit', async (t) => {
  let commits = 0
  const driver = wrappedDriver((sql) => {
    if (sql === 'COMMIT') commits += 1
  })
  const store = await openTestStore(t, { driver })
  commits = 0
  await Promise.all(Array.from({ length: 100 }, (_, n) => store.recordLogin(firstLogin(n))))
  assert.equal(commits, 1)
})
