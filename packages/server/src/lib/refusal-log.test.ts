import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMovedClock } from '../testing/moved-clock.ts'
import { createRecordingTelemetry } from '../testing/recording-telemetry.ts'
import { createSeededRandom } from '../testing/seeded-random.ts'
import type { EventRecord } from './events.ts'
import { createRefusalLog, type Refusal } from './refusal-log.ts'

const origin = { requestId: 'req-1', ip: '203.0.113.7' }
const refusal: Refusal = {
  type: 'login.refused',
  appid: 'wx0000000000000001',
  code: 'code_invalid',
  errcode: 40029,
  rid: '68aaa4d1-3f0c2b1a-5d6e7f80',
}

function setUp(append: (events: readonly EventRecord[]) => Promise<void> = async () => undefined) {
  const kept: EventRecord[] = []
  const clock = createMovedClock()
  const telemetry = createRecordingTelemetry()
  const store = {
    appendEvents: (events: readonly EventRecord[]) => {
      kept.push(...events)
      return append(events)
    },
  }
  const note = createRefusalLog({ store, clock, random: createSeededRandom(), telemetry })
  return { kept, clock, telemetry, note }
}

test('the first refusal is kept with what WeChat said, and nothing of who it was', () => {
  const { kept, note, telemetry } = setUp()
  note(origin, refusal)
  const { id: _, ...event } = kept[0] ?? assert.fail('nothing was kept')
  assert.deepEqual(event, {
    atMs: 1_767_225_600_000,
    type: 'login.refused',
    appid: 'wx0000000000000001',
    userId: null,
    sessionId: null,
    requestId: 'req-1',
    ip: '203.0.113.7',
    facts: { code: 'code_invalid', suppressed: 0, errcode: 40029, rid: '68aaa4d1-3f0c2b1a-5d6e7f80' },
  })
  assert.equal(telemetry.lines.length, 1)
})

test('what WeChat did not say is left out', () => {
  const { kept, note } = setUp()
  note(origin, { ...refusal, errcode: null, rid: null })
  assert.deepEqual(kept[0]?.facts, { code: 'code_invalid', suppressed: 0 })
})

test('a flood of refusals writes one line in ten seconds and counts the others', () => {
  const { kept, clock, note, telemetry } = setUp()
  for (let number = 0; number < 10_000; number += 1) {
    note(origin, refusal)
    clock.advance(1)
  }
  assert.equal(kept.length, 1)
  note(origin, refusal)
  assert.deepEqual(
    kept.map(({ facts }) => facts['suppressed']),
    [0, 9_999],
  )
  assert.equal(telemetry.lines.length, 2)
  clock.advance(9_999)
  note(origin, refusal)
  assert.equal(kept.length, 2)
})

test('each kind, app and code has its own sample', () => {
  const { kept, note } = setUp()
  note(origin, refusal)
  note(origin, { ...refusal, type: 'login.code_replayed' })
  note(origin, { ...refusal, appid: 'wx0000000000000002' })
  note(origin, { ...refusal, code: 'code_used' })
  note(origin, refusal)
  assert.equal(kept.length, 4)
})

test('a clock that was set back does not silence it', () => {
  const { kept, clock, note } = setUp()
  note(origin, refusal)
  clock.advance(-3_600_000)
  note(origin, refusal)
  assert.equal(kept.length, 2)
})

test('more kinds than it remembers are still kept, in bounded memory', () => {
  const { kept, note } = setUp()
  for (let number = 0; number <= 10_000; number += 1) note(origin, { ...refusal, code: `code-${number}` })
  assert.equal(kept.length, 10_001)
  note(origin, { ...refusal, code: 'code-10000' })
  assert.equal(kept.length, 10_001)
  note(origin, { ...refusal, code: 'code-0' })
  assert.equal(kept.length, 10_002)
})

test('a line that could not be written is counted; who was refused never notices', async () => {
  const rejecting = setUp(() => Promise.reject(new Error('disk full')))
  rejecting.note(origin, refusal)
  await new Promise(setImmediate)
  assert.deepEqual(rejecting.telemetry.counts, [
    { counter: 'events_dropped', labels: { type: 'login.refused' } },
  ])
  const throwing = setUp(() => {
    throw new Error('closed')
  })
  throwing.note(origin, refusal)
  await new Promise(setImmediate)
  assert.deepEqual(throwing.telemetry.counts, rejecting.telemetry.counts)
})
