import assert from 'node:assert/strict'
import test, { describe } from 'node:test'
import type { Arrow } from '../../lib/conversation/arrow.ts'
import { sampleConversation } from '../test-support/sample.ts'
import { ofPhone } from './owner.ts'

const call = (seq: number, from: string, to: string, label: string): Arrow => ({
  seq,
  exchange: seq,
  part: 'call',
  kind: 'wx.request',
  from,
  to,
  at: '',
  elapsedMs: 0,
  label,
})

describe('the arrows of one phone', () => {
  test('include what servers did for it, and what the operator did', () => {
    const { arrows } = sampleConversation()
    const labels = ofPhone(arrows, 'phone:2').map(({ label }) => label)
    assert.ok(labels.includes('GET /sns/jscode2session ‹code 2›'))
    assert.ok(!labels.includes('GET /sns/jscode2session ‹code 1›'))
    assert.ok(labels.includes('the session of alice was ended by an admin'))
    assert.equal(ofPhone(arrows, null), arrows)
  })

  test('are told apart by the secret they carry where two phones call at once', () => {
    const arrows = [
      call(1, 'phone:1', 'http://s', 'POST /login ‹code 1›'),
      call(2, 'phone:2', 'http://s', 'POST /login ‹code 2›'),
      call(3, 'http://s', 'wechat', 'GET /sns/jscode2session ‹code 1›'),
      call(4, 'http://s', 'wechat', 'GET /sns/jscode2session ‹code 2›'),
    ]
    assert.deepEqual(
      ofPhone(arrows, 'phone:1').map(({ seq }) => seq),
      [1, 3],
    )
  })
})
