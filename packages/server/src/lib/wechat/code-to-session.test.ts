import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { createFakeTransport, wechatSays } from '../../testing/fake-transport.ts'
import { Secret } from '../secret.ts'
import { type CodeToSessionResult, codeToSession, processCodeToSessionResponse } from './code-to-session.ts'
import { readVectors } from './fixtures/read-vectors.ts'

const SESSION_KEY = 'tiihtNczf5v6AKRyjwEUhQ=='
const success = { session_key: SESSION_KEY, openid: 'oGZUI0egBJY1zhBYw2KhdUfwVJJE' }
const input = { appid: 'wx0000000000000001', secret: new Secret('5ec2e7'), code: '0a1b2c' }
const refusedConnection = { kind: 'no_answer', sent: false, cause: 'ECONNREFUSED' } as const
const lostAnswer = { kind: 'no_answer', sent: true, cause: 'time-out' } as const

function judge(body: unknown, status = 200): CodeToSessionResult {
  return processCodeToSessionResponse(wechatSays(body, status))
}

function causeOf(result: CodeToSessionResult): string {
  if (result.ok) return 'session'
  const { failure } = result
  return failure.kind === 'unexpected_body' ? failure.cause : failure.kind
}

describe('what is asked', () => {
  test('[F1] the four parameters go in the query', async () => {
    const wechat = createFakeTransport(wechatSays(success))
    await codeToSession(input, wechat)
    assert.equal(wechat.requests.length, 1)
    assert.equal(wechat.requests[0]?.path, '/sns/jscode2session')
    assert.deepEqual(Object.fromEntries(wechat.requests[0]?.query ?? []), {
      appid: 'wx0000000000000001',
      secret: '5ec2e7',
      js_code: '0a1b2c',
      grant_type: 'authorization_code',
    })
  })

  test('[T28][F1] whatever the code holds, the query has these four keys and no fifth', async () => {
    const anyCode = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({
        unit: fc.constantFrom('&', '=', '%', '#', '?', '+', ';', ' ', '\r\n', '\0', 'secret', 'appid'),
      }),
    )
    await fc.assert(
      fc.asyncProperty(anyCode, async (code) => {
        const wechat = createFakeTransport(wechatSays(success))
        await codeToSession({ ...input, code }, wechat)
        const written = new URL(`https://api.weixin.qq.com/sns/jscode2session?${wechat.requests[0]?.query}`)
        assert.deepEqual([...written.searchParams.keys()], ['appid', 'secret', 'js_code', 'grant_type'])
        assert.equal(written.searchParams.get('js_code'), code)
        assert.equal(written.searchParams.get('appid'), input.appid)
        assert.equal(written.hash, '')
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('what is asked again', () => {
  test('[F11] a request that surely never left goes once more, and once only', async () => {
    const wechat = createFakeTransport(refusedConnection, wechatSays(success))
    assert.equal((await codeToSession(input, wechat)).ok, true)
    assert.equal(wechat.requests.length, 2)
    const down = createFakeTransport(refusedConnection)
    assert.deepEqual(await codeToSession(input, down), { ok: false, failure: refusedConnection })
    assert.equal(down.requests.length, 2)
  })

  test('[F11][R09] after anything else the code may be used up: not a second request', async () => {
    const answers = [
      lostAnswer,
      { kind: 'unreadable', status: 200, cause: 'body is not UTF-8' } as const,
      wechatSays('<html>', 502),
      wechatSays({ errcode: -1, errmsg: 'system error' }),
      wechatSays({ errcode: 45011, errmsg: 'slow down' }),
      wechatSays('{'),
      wechatSays(success),
    ]
    for (const answer of answers) {
      const wechat = createFakeTransport(answer)
      await codeToSession(input, wechat)
      assert.equal(wechat.requests.length, 1)
    }
    const lostThen = createFakeTransport(refusedConnection, lostAnswer)
    await codeToSession(input, lostThen)
    assert.equal(lostThen.requests.length, 2)
  })
})

describe('what comes back', () => {
  test('[F1] openid and session_key make a session, errcode absent or 0', () => {
    for (const more of [{}, { errcode: 0, errmsg: 'ok' }, { expires_in: 7200 }, { is_new_field: [1] }]) {
      const result = judge({ ...success, ...more })
      assert.ok(result.ok)
      assert.deepEqual(Object.keys(result.session).sort(), ['openid', 'sessionKey', 'unionid'])
      assert.equal(result.session.openid, success.openid)
      assert.equal(result.session.sessionKey.reveal(), SESSION_KEY)
      assert.equal(result.session.unionid, null)
    }
    const result = judge({ ...success, unionid: 'ocMvos6NjeKLIBqg5Mr9QjxrP1FA' })
    assert.equal(result.ok && result.session.unionid, 'ocMvos6NjeKLIBqg5Mr9QjxrP1FA')
    assert.equal(judge('{"session_key":"HyVFkGl5F5OQWJZZaNzBBg==","openid":"o1"}').ok, true)
    assert.equal(judge('{"session_key":"AAAAAAAA\\/AAAAAAAAAAAAA==","openid":"o1"}').ok, true)
  })

  test('[F7][T01] a session shown in any way does not show its key', () => {
    const result = judge(success)
    assert.equal((inspect(result, { depth: null }) + JSON.stringify(result)).includes(SESSION_KEY), false)
  })

  test('[F12][R09] every error that WeChat knows is told by errcode and rid', () => {
    for (const { errcode, errmsg } of readVectors().codeToSessionErrors) {
      const rid = errmsg.includes('rid: ') ? '68aaa4d1-3f0c2b1a-5d6e7f80' : null
      const expected = { ok: false, failure: { kind: 'refused', errcode, rid } }
      assert.deepEqual(judge({ errcode, errmsg }), expected)
      assert.deepEqual(judge({ errcode, errmsg, ...success }), expected)
      assert.deepEqual(judge({ errcode, errmsg }, 500), expected)
    }
    assert.deepEqual(judge({ errcode: 99999 }), {
      ok: false,
      failure: { kind: 'refused', errcode: 99999, rid: null },
    })
    assert.deepEqual(judge({ errcode: 40029, errmsg: 7 }), {
      ok: false,
      failure: { kind: 'refused', errcode: 40029, rid: null },
    })
  })

  test('[T29][R10] no garbage makes a session', () => {
    const bodies: readonly [unknown, string][] = [
      ['', 'not a JSON object'],
      ['<!DOCTYPE html><html><body>openid session_key</body></html>', 'not a JSON object'],
      [`\uFEFF${JSON.stringify(success)}`, 'not a JSON object'],
      [JSON.stringify(success).slice(0, -1), 'not a JSON object'],
      [`${JSON.stringify(success)}}`, 'not a JSON object'],
      [`${JSON.stringify(success)}${JSON.stringify(success)}`, 'not a JSON object'],
      [`callback(${JSON.stringify(success)})`, 'not a JSON object'],
      ['null', 'not a JSON object'],
      ['"openid"', 'not a JSON object'],
      ['1e400', 'not a JSON object'],
      [[success], 'not a JSON object'],
      [{}, 'no openid'],
      [{ errcode: 0, errmsg: 'ok' }, 'no openid'],
      [{ ...success, openid: undefined }, 'no openid'],
      [{ ...success, openid: 7 }, 'no openid'],
      [{ ...success, openid: null }, 'no openid'],
      [{ ...success, openid: '' }, 'no openid'],
      [{ ...success, openid: [success.openid] }, 'no openid'],
      [{ ...success, openid: { toString: 1 } }, 'no openid'],
      [{ ...success, openid: `${success.openid}\n` }, 'no openid'],
      [{ ...success, openid: "o' OR 1=1" }, 'no openid'],
      [{ ...success, openid: 'o'.repeat(129) }, 'no openid'],
      [{ ...success, openid: 'o１' }, 'no openid'],
      [{ ...success, session_key: undefined }, 'no session_key'],
      [{ ...success, session_key: 7 }, 'no session_key'],
      [{ ...success, session_key: '' }, 'no session_key'],
      [{ ...success, session_key: 'tiihtNczf5v6AKRyjwEUhQ' }, 'no session_key'],
      [{ ...success, session_key: 'tiihtNczf5v6AKRyjwEUhR==' }, 'no session_key'],
      [{ ...success, session_key: 'tiihtNczf5v6AKRyjwEU' }, 'no session_key'],
      [{ ...success, session_key: ' tiihtNczf5v6AKRyjwEUhQ==' }, 'no session_key'],
      [{ ...success, session_key: 'x'.repeat(24) }, 'no session_key'],
      [{ ...success, unionid: 7 }, 'unionid of a wrong form'],
      [{ ...success, unionid: {} }, 'unionid of a wrong form'],
      [{ ...success, unionid: 'u u' }, 'unionid of a wrong form'],
      [{ ...success, errcode: '0' }, 'errcode is not a whole number'],
      [{ ...success, errcode: '40029' }, 'errcode is not a whole number'],
      [{ ...success, errcode: null }, 'errcode is not a whole number'],
      [{ ...success, errcode: false }, 'errcode is not a whole number'],
      [{ ...success, errcode: [] }, 'errcode is not a whole number'],
      [{ ...success, errcode: 0.5 }, 'errcode is not a whole number'],
      ['{"errcode":1e400}', 'errcode is not a whole number'],
      ['{"errcode":9007199254740993}', 'errcode is not a whole number'],
      [`{"__proto__":${JSON.stringify(success)}}`, 'no openid'],
      [`{"constructor":{"prototype":${JSON.stringify(success)}}}`, 'no openid'],
      ['{"toString":"x","hasOwnProperty":1}', 'no openid'],
      [`${'['.repeat(30_000)}`, 'not a JSON object'],
    ]
    for (const [body, cause] of bodies) assert.equal(causeOf(judge(body)), cause, inspect(body))
    assert.equal(Reflect.get({}, 'openid'), undefined)
  })

  test('[T25] __proto__ and its kind beside good fields change nothing', () => {
    const text = JSON.stringify(success).replace('{', '{"__proto__":{"unionid":"u-evil"},"constructor":null,')
    const result = judge(text)
    assert.equal(result.ok && result.session.unionid, null)
  })

  test('of duplicate keys the last one counts, as JSON.parse has it, also for errcode', () => {
    const twice = judge(`{"openid":"o1","openid":"o2","session_key":"${SESSION_KEY}"}`)
    assert.equal(twice.ok && twice.session.openid, 'o2')
    const body = `{"errcode":0,"openid":"o1","session_key":"${SESSION_KEY}","errcode":40029}`
    assert.equal(causeOf(judge(body)), 'refused')
  })

  test('a unionid that is there but empty is none', () => {
    for (const unionid of ['', null]) {
      const result = judge({ ...success, unionid })
      assert.equal(result.ok && result.session.unionid, null)
    }
  })

  test('[T29] with any status but 200 no body makes a session', () => {
    for (const status of [100, 201, 204, 206, 301, 302, 304, 400, 401, 404, 429, 500, 502, 503])
      assert.equal(causeOf(judge(success, status)), 'unexpected_status')
    assert.equal(causeOf(judge('<html>', 502)), 'unexpected_status')
    assert.equal(causeOf(judge({ errcode: '40029' }, 502)), 'unexpected_status')
  })

  test('[T29] what could not be read is told as such', () => {
    const unreadable = { kind: 'unreadable', status: 200, cause: 'body over 64 KiB' } as const
    assert.equal(causeOf(processCodeToSessionResponse(unreadable)), 'body over 64 KiB')
    assert.deepEqual(processCodeToSessionResponse(lostAnswer), { ok: false, failure: lostAnswer })
  })
})
