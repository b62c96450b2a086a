import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createKeyedQueue } from './keyed-queue.ts'

test('[F13] work of one key runs in turn, in the order it came', async () => {
  const inTurn = createKeyedQueue()
  let running = 0
  const order: number[] = []
  const jobs = Array.from({ length: 100 }, (_, number) =>
    inTurn('alice', async () => {
      running += 1
      assert.equal(running, 1)
      await new Promise(setImmediate)
      order.push(number)
      running -= 1
      return number
    }),
  )
  assert.deepEqual(await Promise.all(jobs), order)
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  )
})

test('work of different keys runs side by side', async () => {
  const inTurn = createKeyedQueue()
  const gate = openable()
  const held = inTurn('alice', () => gate.promise)
  assert.equal(await inTurn('bob', async () => 'done'), 'done')
  gate.resolve()
  await held
})

test('a failure is its own: the next of the key runs, and the failed one is told', async () => {
  const inTurn = createKeyedQueue()
  const failed = inTurn('alice', async () => {
    throw new Error('lost')
  })
  const thrown = inTurn('alice', () => {
    throw new Error('at once')
  })
  const next = inTurn('alice', async () => 'fine')
  await assert.rejects(failed, { message: 'lost' })
  await assert.rejects(thrown, { message: 'at once' })
  assert.equal(await next, 'fine')
  assert.equal(await inTurn('alice', async () => 'later'), 'later')
})

test('[F13] in whatever order keys finish, no two of one key ever overlap', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }),
      fc.scheduler(),
      async (keys, s) => {
        const inTurn = createKeyedQueue()
        const running = new Set<string>()
        const jobs = keys.map((key) =>
          inTurn(key, async () => {
            assert.equal(running.has(key), false)
            running.add(key)
            await s.schedule(Promise.resolve())
            running.delete(key)
          }),
        )
        await s.waitFor(Promise.all(jobs))
      },
    ),
    { numRuns: 300 },
  )
})

function openable(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((open) => {
    resolve = open
  })
  return { promise, resolve }
}
