import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { loadSoon } from './load-soon.ts'

function counted(t: TestContext, failures = 0) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let loads = 0
  const get = loadSoon(async () => {
    loads += 1
    if (loads <= failures) throw new Error('EMFILE')
    return loads
  })
  return { get, loads: () => loads }
}

test('[R19] what a start does without is there before a request that comes when no descriptors are left', (t) => {
  const { loads } = counted(t)
  assert.equal(loads(), 0)
  t.mock.timers.tick(500)
  assert.equal(loads(), 1)
})

test('it is loaded once, whoever asks first', async (t) => {
  const { get, loads } = counted(t)
  assert.deepEqual(await Promise.all([get(), get()]), [1, 1])
  t.mock.timers.tick(500)
  assert.deepEqual([await get(), loads()], [1, 1])
})

test('[R19] a failure is told to who waits and not kept', async (t) => {
  const { get } = counted(t, 1)
  await assert.rejects(get(), /EMFILE/)
  assert.equal(await get(), 2)
})
