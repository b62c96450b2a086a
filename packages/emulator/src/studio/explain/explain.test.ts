import assert from 'node:assert/strict'
import test, { describe } from 'node:test'
import type { Arrow } from '../../lib/conversation/arrow.ts'
import { sampleConversation } from '../test-support/sample.ts'
import { explain, REASONS, routeOf } from './explain.ts'

const { arrows } = sampleConversation()

function arrowOf(change: Partial<Arrow>): Arrow {
  const [first] = arrows
  assert.ok(first)
  return { ...first, ...change }
}

describe('explanations', () => {
  test('have a cure in both languages wherever they name a reason', () => {
    for (const [code, { cure }] of Object.entries(REASONS)) {
      const refused = arrowOf({
        part: 'answer',
        kind: 'wx.request',
        outcome: 'refused',
        status: 401,
        reason: code,
      })
      assert.equal(explain(refused, undefined).cure, cure)
      assert.ok(cure.en.length > 10 && /[\u4e00-\u9fff]/.test(cure.zh), code)
    }
  })

  test('say something else of each station of a login', () => {
    const texts = arrows.slice(0, 8).map((arrow) => {
      const partner = arrows.find(({ exchange, seq }) => exchange === arrow.exchange && seq !== arrow.seq)
      return explain(arrow, partner).what.en
    })
    assert.equal(new Set(texts).size, texts.length)
  })

  test('keep a 401 of a back end apart from one that is about the login', () => {
    const own = arrowOf({
      part: 'answer',
      kind: 'wx.request',
      outcome: 'refused',
      status: 401,
      reason: 'wrong_pin',
    })
    assert.match(explain(own, undefined).without.en, /would log out users who are in/)
  })

  test('know a route by its path alone, whatever the origin and the query', () => {
    const call = arrowOf({
      message: {
        startLine: 'DELETE https://a.example/me/sessions/ses_1?x=1 HTTP/1.1',
        headers: [],
        body: '',
      },
    })
    assert.deepEqual(routeOf(call), { method: 'DELETE', path: '/me/sessions/*' })
    assert.match(
      explain({ ...call, kind: 'wx.request' }, undefined).what.en,
      /ends one of their other logins/,
    )
  })

  test('promise nothing of Yaopai for the login of another server, and warn of a session_key that it hands out', () => {
    const message = (startLine: string, body: string) => ({ startLine, headers: [], body })
    const call = arrowOf({
      kind: 'wx.request',
      message: message('POST https://shop.example/login', '{ "code": "‹code 1›" }'),
    })
    const answer = arrowOf({ ...call, part: 'answer', outcome: 'ok', from: call.to, to: call.from })
    assert.doesNotMatch(explain(call, undefined).what.en, /nonce/)
    const good = explain({ ...answer, message: message('200 OK', '{ "sid": "‹token 1›" }') }, call)
    assert.doesNotMatch(JSON.stringify(good), /hash/)
    const leaking = explain({ ...answer, message: message('200 OK', '{ "k": "‹session_key 1›" }') }, call)
    assert.match(leaking.cure?.en ?? '', /Keep it in the server/)
  })

  test('have a word for what nobody foresaw', () => {
    for (const part of ['call', 'answer', 'note'] as const) {
      for (const outcome of ['ok', 'refused', 'failed', 'lost'] as const) {
        const odd = arrowOf({ part, outcome, kind: 'wx.request', label: 'PURGE /x', message: undefined })
        const { what, why, without } = explain(odd, undefined)
        for (const text of [what, why, without]) assert.ok(text.en.length > 10 && text.zh.length > 4)
      }
    }
  })
})
