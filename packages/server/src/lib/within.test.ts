import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { withinMs } from './within.ts'

const LIMIT_MS = 20

/** Answers when it is woken, and says so in the shared memory once the answer is on its way. */
const ANSWERING = `
  const { parentPort, workerData } = require('node:worker_threads')
  const state = new Int32Array(workerData)
  parentPort.postMessage('ready')
  Atomics.wait(state, 0, 0)
  parentPort.postMessage('answer')
  Atomics.store(state, 1, 1)
  Atomics.notify(state, 1)
`

test('[R14] an answer that came while this process stood still counts, though its time is over', async (t) => {
  const state = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(ANSWERING, { eval: true, workerData: state.buffer })
  t.after(() => worker.terminate())
  await once(worker, 'message')
  // From here the loop comes to its timers before it comes to the worker's messages.
  await setImmediate()
  const answer = withinMs(LIMIT_MS, once(worker, 'message'))
  const endMs = performance.now() + 2 * LIMIT_MS
  Atomics.store(state, 0, 1)
  Atomics.notify(state, 0)
  // Nothing of this process runs until the answer is there and its time is over.
  Atomics.wait(state, 1, 0)
  while (performance.now() < endMs);
  assert.deepEqual(await answer, ['answer'])
})

test('work that gives nothing in time is given up, and work that fails says why', async () => {
  await assert.rejects(withinMs(1, new Promise(() => undefined)), /No answer within 1 ms/)
  await assert.rejects(withinMs(60_000, Promise.reject(new Error('gone'))), /gone/)
  assert.equal(await withinMs(60_000, Promise.resolve(1)), 1)
})
