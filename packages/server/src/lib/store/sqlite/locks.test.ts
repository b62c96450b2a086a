import assert from 'node:assert/strict'
import { once } from 'node:events'
import { symlinkSync } from 'node:fs'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { StoreUnavailableError } from '../../errors.ts'
import { firstLogin, sampleSelector, sampleUserId } from '../contract/samples.ts'
import { loadDriver } from './driver.ts'
import { DatabaseInUseError } from './errors.ts'
import { PATIENCE_MS } from './patience.ts'
import { compileChildren } from './testing/compile-children.ts'
import { openTestStore, testFile } from './testing/open-test-store.ts'
import { endOf, startChild } from './testing/run-child.ts'
import { wrappedDriver } from './testing/wrapped-driver.ts'

test('[R07] while somebody else holds the lock a write waits, reads and the event loop go on', async (t) => {
  const file = testFile(t)
  const steps: { readonly sql: string; readonly ms: number }[] = []
  let since = 0
  const driver = wrappedDriver((sql) => {
    steps.push({ sql, ms: performance.now() - since })
    since = performance.now()
  })
  const store = await openTestStore(t, { file, driver })
  await store.recordLogin(firstLogin(1))
  const other = loadDriver().open(file)
  other.exec('BEGIN IMMEDIATE')
  steps.length = 0

  let isDone = false
  const write = store.recordLogin(firstLogin(2)).finally(() => {
    isDone = true
  })
  for (let turn = 0; turn < 20; turn += 1) {
    await sleep(5)
    assert.notEqual(await store.findSession(sampleSelector(1)), null)
  }
  assert.equal(isDone, false)
  const tries = steps.filter((step) => step.sql === 'BEGIN IMMEDIATE').length
  assert.ok(tries >= 3, `tried ${tries} times, each from a timer`)
  other.exec('COMMIT')
  other.close()
  assert.equal(await write, 'recorded')
})

test('[R07] SQLite itself never waits for a lock: its patience is nought, ours is two seconds of short timers', async (t) => {
  const settings: string[] = []
  const store = await openTestStore(t, { driver: wrappedDriver((sql) => void settings.push(sql)) })
  assert.ok(settings.some((sql) => sql.includes('busy_timeout = 0')))
  assert.ok(!settings.some((sql) => /busy_timeout\s*=\s*[1-9]/.test(sql)))
  const total = PATIENCE_MS.reduce((sum, waitMs) => sum + waitMs, 0)
  assert.ok(total >= 1_900 && total <= 2_100 && Math.max(...PATIENCE_MS) <= 50)
  await store.close()
})

test('[R07] a lock that outlasts the patience is store_unavailable; nothing was written, and it heals by itself', async (t) => {
  const file = testFile(t)
  const store = await openTestStore(t, { file, patienceMs: [1, 1, 1] })
  const other = loadDriver().open(file)
  other.exec('BEGIN IMMEDIATE')
  const outcomes = await Promise.allSettled([1, 2].map((n) => store.recordLogin(firstLogin(n))))
  assert.ok(outcomes.every((one) => one.status === 'rejected' && one.reason instanceof StoreUnavailableError))
  await assert.rejects(store.check(), StoreUnavailableError)
  other.exec('ROLLBACK')
  other.close()
  assert.equal(await store.findUser(sampleUserId(1)), null)
  await store.check()
  assert.equal(await store.recordLogin(firstLogin(1)), 'recorded')
})

test('[R07] a second server on the file refuses to start and names file and cure; a tool works beside the first', async (t) => {
  const file = testFile(t)
  const first = await openTestStore(t, { file })
  await assert.rejects(openTestStore(t, { file }), (error) => {
    assert.ok(error instanceof DatabaseInUseError)
    assert.equal(error.exitCode, 78)
    assert.ok(error.message.includes(file))
    assert.match(error.message, /stop it, or name another file in DATABASE_URL/)
    return true
  })
  const tool = await openTestStore(t, { file, role: 'tool' })
  await tool.recordLogin(firstLogin(1))
  assert.notEqual(await first.findSession(sampleSelector(1)), null)
  await tool.close()
  await first.recordLogin(firstLogin(2))
  await first.close()
  const second = await openTestStore(t, { file })
  assert.notEqual(await second.findSession(sampleSelector(2)), null)
})

test('[R07] a link to the file is the same file: no second server gets in by another name', async (t) => {
  const file = testFile(t)
  const link = `${file}-link`
  symlinkSync(file, link)
  const first = await openTestStore(t, { file: link })
  await assert.rejects(openTestStore(t, { file }), DatabaseInUseError)
  await first.close()
  await openTestStore(t, { file })
  await assert.rejects(openTestStore(t, { file: link }), DatabaseInUseError)
})

test('[R07] a server in another process keeps a second one out, and no longer once it was killed', async (t) => {
  const children = compileChildren()
  after(() => children.remove())
  const file = testFile(t)
  const child = startChild(children.path('login-child.ts'), [file, '1', '1000000'])
  const end = endOf(child)
  await once(child.stdout ?? child, 'data')
  await assert.rejects(openTestStore(t, { file }), DatabaseInUseError)
  child.kill('SIGKILL')
  await end
  const store = await openTestStore(t, { file })
  await store.check()
})
