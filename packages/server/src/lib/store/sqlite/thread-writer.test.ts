import assert from 'node:assert/strict'
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { after, type TestContext, test } from 'node:test'
import { systemClock } from '../../clock.ts'
import { StoreUnavailableError } from '../../errors.ts'
import { firstLogin, NOW_MS, sampleSelector, sweepOrder } from '../contract/samples.ts'
import type { DatabaseError } from '../database-error.ts'
import { WriterEndedError } from './errors.ts'
import { compileChildren } from './testing/compile-children.ts'
import { openTestStore, testFile } from './testing/open-test-store.ts'
import { wrappedDriver } from './testing/wrapped-driver.ts'
import { errorOf, portable, portableError } from './thread-messages.ts'
import { ThreadWriter } from './thread-writer.ts'

const children = compileChildren()
after(() => children.remove())

async function openOn(t: TestContext, program: string, told: DatabaseError[]) {
  const threadEntry = new URL(`data:text/javascript,${encodeURIComponent(program)}`)
  return openTestStore(t, { threadEntry, onFatal: (error) => told.push(error) })
}

test('[R05] a writer thread that ends by itself acknowledges nothing, and the process is to end with 70', async (t) => {
  const told: DatabaseError[] = []
  const store = await openOn(t, 'process.exit(3)', told)
  const logins = await Promise.allSettled([1, 2].map((n) => store.recordLogin(firstLogin(n))))
  assert.ok(logins.every((one) => one.status === 'rejected' && one.reason instanceof StoreUnavailableError))
  await assert.rejects(store.findSession(sampleSelector(1)), StoreUnavailableError)
  assert.equal(told.length, 1)
  assert.ok(told[0] instanceof WriterEndedError)
  assert.equal(told[0].exitCode, 70)
})

test('a thread that cannot open the file refuses what waits, and the next write starts another', async (t) => {
  const told: DatabaseError[] = []
  const cause = JSON.stringify(portableError(new Error('Too many open files')))
  const refusing = `import { parentPort } from 'node:worker_threads'
    parentPort.postMessage({ kind: 'not_opened', cause: ${cause} })`
  const store = await openOn(t, refusing, told)
  for (const n of [1, 2]) await assert.rejects(store.recordLogin(firstLogin(n)), StoreUnavailableError)
  assert.equal(await store.findSession(sampleSelector(1)), null)
  assert.deepEqual(told, [])
})

test('a write that was acknowledged is seen by the next read on the serving thread', async (t) => {
  const store = await openTestStore(t, { threadEntry: children.threadEntry })
  for (let n = 1; n <= 50; n += 1) {
    assert.equal(await store.recordLogin(firstLogin(n)), 'recorded')
    assert.notEqual(await store.findSession(sampleSelector(n)), null)
  }
})

test('closing settles the writes that wait, and later ones are refused', async (t) => {
  const store = await openTestStore(t, { threadEntry: children.threadEntry })
  const logins = [1, 2, 3].map((n) => store.recordLogin(firstLogin(n)))
  await store.close()
  assert.deepEqual(await Promise.all(logins), ['recorded', 'recorded', 'recorded'])
  await assert.rejects(store.recordLogin(firstLogin(4)), StoreUnavailableError)
})

/** How often this process has a file open: threads share their files. */
function timesOpen(file: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === file
    } catch {
      return false // The one by which the folder is read.
    }
  }).length
}

const skip = existsSync('/proc/self/fd') ? false : 'only where the system lists the files of a process'

test('a thread that is broken lets go of the file when the store is closed', { skip }, async (t) => {
  const file = testFile(t)
  await openTestStore(t, { file })
  // Of the database itself SQLite keeps what it has closed until the last connection of the process goes.
  const log = `${file}-wal`
  const before = timesOpen(log)
  const told: unknown[] = []
  const onBroken = (cause: unknown) => void told.push(cause)
  const options = { file, clock: systemClock, entry: children.threadEntry, patienceMs: [], onBroken }
  const writer = new ThreadWriter(options)
  await writer.write('check', null)
  assert.equal(timesOpen(log), before + 1)
  writer.breakOff(new Error('damaged'))
  await writer.drain(new Error('The store was closed'))
  assert.equal(timesOpen(log), before)
  assert.equal(told.length, 1)
})

test('only a commit that holds nothing but a sweep goes without fsync', async (t) => {
  const steps: string[] = []
  const driver = wrappedDriver((sql) => {
    const [, sync] = /^PRAGMA synchronous = (\w+)$/.exec(sql) ?? []
    if (sync !== undefined || sql === 'COMMIT') steps.push(sync ?? sql)
  })
  const store = await openTestStore(t, { driver })
  steps.length = 0
  await store.sweep(sweepOrder({ nowMs: NOW_MS }))
  assert.deepEqual(steps, ['NORMAL', 'COMMIT', 'FULL'])
  steps.length = 0
  await Promise.all([store.sweep(sweepOrder({ nowMs: NOW_MS })), store.recordLogin(firstLogin(1))])
  assert.deepEqual(steps, ['COMMIT'])
})

test('of writes that are committed together one that fails is undone alone, and only then savepoints are made', async (t) => {
  let savepoints = 0
  const driver = wrappedDriver((sql) => {
    if (sql.startsWith('SAVEPOINT')) savepoints += 1
  })
  const store = await openTestStore(t, { driver })
  await Promise.all([1, 2].map((n) => store.recordLogin(firstLogin(n))))
  assert.equal(savepoints, 0)
  const takenUser = firstLogin(3, { user: firstLogin(1).user })
  const outcomes = [firstLogin(4), takenUser, firstLogin(5)].map((plan) => store.recordLogin(plan))
  assert.deepEqual(await Promise.all(outcomes), ['recorded', 'conflict', 'recorded'])
  assert.equal(savepoints, 3)
  assert.deepEqual(
    await Promise.all([3, 4, 5].map(async (n) => (await store.findSession(sampleSelector(n))) !== null)),
    [false, true, true],
  )
})

test('an error keeps on its way between threads what it is judged by', () => {
  const complaint = Object.assign(new Error('UNIQUE constraint failed'), { errcode: 1555 })
  const unavailable = errorOf(structuredClone(portableError(new StoreUnavailableError(complaint))))
  assert.ok(unavailable instanceof StoreUnavailableError)
  assert.deepEqual(unavailable.cause, Object.assign(complaint, { code: 'ERR_SQLITE_ERROR' }))
  assert.ok(errorOf(portableError(new RangeError('half a character'))) instanceof RangeError)
})

test('bytes go to the other thread without the pool that they lie in', () => {
  const pooled = Buffer.from('seed')
  const copy = portable({ code: { seed: pooled }, list: [pooled] }) as { code: { seed: Uint8Array } }
  assert.ok(pooled.buffer.byteLength > pooled.byteLength)
  assert.equal(copy.code.seed.buffer.byteLength, pooled.byteLength)
  assert.deepEqual([...copy.code.seed], [...pooled])
})
