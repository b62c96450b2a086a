import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCallLog } from './call-log.ts'

const call = {
  at: '2025-08-24T00:00:00.000Z',
  method: 'GET',
  path: '/sns/jscode2session',
  query: {},
  ip: '127.0.0.1',
  userAgent: null,
  status: 200,
  fault: false,
  unknownPath: false,
  durationMs: 1,
}

test('the call log keeps the newest calls and counts the others', () => {
  const log = createCallLog(3)
  for (let turn = 0; turn < 20; turn += 1) log.add(call)
  assert.deepEqual(
    log.list().map((record) => record.seq),
    [18, 19, 20],
  )
  assert.equal(log.dropped(), 17)
  log.clear()
  assert.deepEqual([log.list(), log.dropped(), log.add(call).seq], [[], 0, 1])
})

test('what a caller does to a listed record does not change the log', () => {
  const log = createCallLog()
  log.add({ ...call, query: { appid: 'wx1' } })
  for (const record of log.list()) record.query['appid'] = 'changed'
  assert.equal(log.list()[0]?.query['appid'], 'wx1')
})
