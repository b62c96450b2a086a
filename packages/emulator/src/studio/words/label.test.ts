import assert from 'node:assert/strict'
import test, { describe } from 'node:test'
import type { Arrow } from '../../lib/conversation/arrow.ts'
import { sampleConversation } from '../test-support/sample.ts'
import { en } from './en.ts'
import { labelled } from './label.ts'
import { zh } from './zh.ts'

const [first] = sampleConversation().arrows
assert.ok(first)

function labelOf(change: Partial<Arrow>, words = en): string {
  return labelled({ ...first, ...change } as Arrow, words).label
}

const message = (startLine: string, body = '', headers: [string, string][] = []) => ({
  startLine,
  headers,
  body,
})

describe('what stands on an arrow', () => {
  test('names the secrets that it carries, so that one sees them travel', () => {
    const login = message('POST http://s/login', '{"code":"‹code 1›","nonce":"‹nonce 1›"}')
    assert.equal(labelOf({ label: 'POST /login', message: login }), 'POST /login ‹code 1›')
    const whoami = message('GET http://b/whoami', '', [['Authorization', 'Bearer ‹token 2›']])
    assert.equal(labelOf({ label: 'GET /whoami', message: whoami }), 'GET /whoami ‹token 2›')
    const own = message('GET https://shop.example/goods', '', [['x-shop-session', '‹token 3›']])
    assert.equal(labelOf({ label: 'GET /goods', message: own }), 'GET /goods ‹token 3›')
    const exchange = message('200 OK', '{"session_key":"‹session_key 1›","openid":"o1"}')
    assert.equal(labelOf({ label: 'session_key, openid', message: exchange }), '‹session_key 1›, openid')
  })

  test('says no secret twice, and none that tells nothing', () => {
    const code = message('login:ok', '{"code":"‹code 2›"}')
    assert.equal(labelOf({ label: 'code ‹code 2›', message: code }), 'code ‹code 2›')
    const secret = message('GET /sns/jscode2session?secret=‹AppSecret›&js_code=‹code 2›')
    assert.equal(labelOf({ label: 'GET /x', message: secret }), 'GET /x ‹code 2›')
  })

  test('is told of notes in the language of the reader, and as it came where the act is not known', () => {
    const days: Partial<Arrow> = {
      part: 'note',
      action: 'clock.advance',
      facts: { seconds: 345_600 },
      label: '+4 d',
    }
    assert.equal(labelOf(days), '4 days pass')
    assert.equal(labelOf(days, zh), '过去 4 天')
    const ended: Partial<Arrow> = {
      part: 'note',
      action: 'dev',
      label: 'x',
      facts: { path: '/sessions/end', as: 'admin', user: 'bob' },
    }
    assert.equal(labelOf(ended), "an admin ends bob's session")
    assert.equal(
      labelOf({ part: 'note', action: 'settings.change', label: 'mockCodeUser: bob' }),
      'mockCodeUser: bob',
    )
  })
})
