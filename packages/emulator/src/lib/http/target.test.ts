import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maskQuery } from '../wechat/call-log.ts'
import { parseTarget } from './target.ts'

test('[F81] what an HTTP client encodes is what is read', () => {
  const pairs = fc.dictionary(fc.string({ minLength: 1 }), fc.string())
  fc.assert(
    fc.property(pairs, (record) => {
      const { path, query } = parseTarget(`/sns/jscode2session?${new URLSearchParams(record)}`)
      assert.equal(path, '/sns/jscode2session')
      for (const [name, value] of Object.entries(record)) assert.equal(query.get(name), value)
    }),
    { numRuns: 10_000 },
  )
})

test('[F81] no request line makes the parser throw, and none becomes another path by its query', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (head, tail) => {
      const { path, query } = parseTarget(`${head}?${tail}`)
      assert.ok(path.length > 0 && !path.includes('?'))
      assert.doesNotThrow(() => maskQuery(query))
    }),
    { numRuns: 30_000 },
  )
})

test('[F86] whatever a secret is, the masked query does not hold it', () => {
  const name = fc.constantFrom('secret', 'appsecret', 'access_token', 'component_access_token', 'SECRET')
  fc.assert(
    fc.property(name, fc.stringMatching(/^[A-Za-z0-9+/=&? %]{8,40}$/), (secretName, secret) => {
      const query = new URLSearchParams([
        ['appid', 'wx'],
        [secretName, secret],
      ])
      assert.equal(JSON.stringify(maskQuery(query)).includes(secret), false)
    }),
    { numRuns: 10_000 },
  )
})

test('[F81] paths: absolute form, no path, no query, bad escapes', () => {
  assert.equal(parseTarget('http://api.weixin.qq.com').path, '/')
  assert.equal(parseTarget('HTTPS://api.weixin.qq.com/a?b=c').path, '/a')
  assert.equal(parseTarget('?a=b').query.get('a'), 'b')
  assert.equal(parseTarget('/x?a=%zz&b=%E4%BD%A0+1&a=2').query.get('a'), '%zz')
  assert.equal(parseTarget('/x?b=%E4%BD%A0+1').query.get('b'), '你 1')
})
