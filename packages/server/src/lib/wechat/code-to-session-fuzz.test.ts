import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { wechatSays } from '../../testing/fake-transport.ts'
import { processCodeToSessionResponse } from './code-to-session.ts'

const FAILURES = new Set(['no_answer', 'refused', 'unexpected_status', 'unexpected_body'])
const SESSION_KEY = /^[A-Za-z0-9+/]{21}[AQgw]==$/
const OPENID = /^[\w-]{1,128}$/

const anyOpenid = fc.constantFrom<unknown>('oGZUI0egBJY1zhBYw2KhdUfwVJJE', 'o1', '', 'o 1', 7, null, [], {})
const anyKey = fc.constantFrom<unknown>(
  'tiihtNczf5v6AKRyjwEUhQ==',
  'HyVFkGl5F5OQWJZZaNzBBg==',
  'short',
  '',
  1,
  null,
)
const anyErrcode = fc.constantFrom<unknown>(0, -0, -1, 40029, 1.5, '0', '40029', null, true, [], 2 ** 60)
const anyKeyName = fc.constantFrom('openid', 'session_key', 'unionid', 'errcode', 'errmsg', '__proto__', 'x')
const anyScalar = fc.oneof(anyOpenid, anyKey, anyErrcode)

/** Near a success: its fields, each there or not, right or wrong. */
const nearBody = fc
  .record(
    { openid: anyOpenid, session_key: anyKey, unionid: anyOpenid, errcode: anyErrcode },
    { requiredKeys: [] },
  )
  .map((body) => JSON.stringify(body))
/** Fields in any order, twice too, written by hand. */
const pairedBody = fc
  .array(fc.tuple(anyKeyName, anyScalar), { maxLength: 6 })
  .map((pairs) => `{${pairs.map(([name, value]) => `"${name}":${JSON.stringify(value)}`).join(',')}}`)
/** Any of these with a piece cut out and another put in. */
const brokenBody = fc
  .tuple(
    fc.oneof(nearBody, pairedBody),
    fc.nat(),
    fc.nat({ max: 5 }),
    fc.constantFrom('', '"', '}', '\\', '\uFEFF', '<'),
  )
  .map(([text, at, length, other]) => {
    const start = at % (text.length + 1)
    return text.slice(0, start) + other + text.slice(start + length)
  })
const anyText = fc.string({ unit: 'binary', maxLength: 60 })
const anyJson = fc.json({ maxDepth: 2 })
const anyStatus = fc.constantFrom(200, 200, 200, 200, 302, 500)

/** The rule once more, from the parsed text alone. */
function isSession(text: string, status: number): boolean {
  try {
    const value = new Map(Object.entries<unknown>(JSON.parse(text)))
    const [openid, key] = [value.get('openid'), value.get('session_key')]
    const unionid = value.get('unionid') ?? ''
    const isUnion = unionid === '' || (typeof unionid === 'string' && OPENID.test(unionid))
    const isGood = !value.has('errcode') || value.get('errcode') === 0
    if (status !== 200 || !isGood || !isUnion) return false
    return (
      typeof openid === 'string' && OPENID.test(openid) && typeof key === 'string' && SESSION_KEY.test(key)
    )
  } catch {
    return false
  }
}

test('[T29][R10] of 100,000 bodies exactly those with openid, 16-byte key and no errcode make a session', () => {
  const seen = { sessions: 0, failures: 0 }
  fc.assert(
    fc.property(
      fc.oneof(
        { weight: 4, arbitrary: nearBody },
        { weight: 3, arbitrary: pairedBody },
        { weight: 2, arbitrary: brokenBody },
        { weight: 1, arbitrary: anyText },
        { weight: 1, arbitrary: anyJson },
      ),
      anyStatus,
      (text, status) => {
        const result = processCodeToSessionResponse(wechatSays(text, status))
        assert.equal(result.ok, isSession(text, status), text)
        seen[result.ok ? 'sessions' : 'failures'] += 1
        assert.ok(result.ok || FAILURES.has(result.failure.kind))
      },
    ),
    { numRuns: 100_000 },
  )
  assert.ok(seen.sessions > 200, `only ${seen.sessions} bodies were good: the generators miss the point`)
  assert.ok(seen.failures > 50_000)
})
