import assert from 'node:assert/strict'
import { Console } from 'node:console'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { format, inspect } from 'node:util'
import { serialize } from 'node:v8'
import pino from 'pino'
import { isSameSecret, Secret } from './secret.ts'

const BARE = 'canary-7f3a9c-session-key'
const secret = new Secret(BARE)

test('[F7][T01] only reveal tells the value', () => {
  assert.equal(secret.reveal(), BARE)
  assert.deepEqual(Object.keys(secret), [])
  assert.deepEqual(Reflect.ownKeys(secret), [])
  assert.deepEqual({ ...secret }, {})
})

test('[F7][T01] as text, JSON, inspected, formatted, cloned or as the cause of an error it is redacted', () => {
  const nested = {
    list: [{ secret }],
    map: new Map([['key', secret]]),
    error: new Error('x', { cause: secret }),
  }
  const shown = [
    `${secret}`,
    String(secret),
    `a${secret}`,
    [secret].join(),
    JSON.stringify(secret),
    JSON.stringify(nested),
    inspect(secret),
    inspect(secret, { customInspect: false, showHidden: true, getters: true }),
    inspect(nested, { depth: null, showHidden: true }),
    format('%s %o %O %j %d %i %f', secret, secret, secret, secret, secret, secret, secret),
    format(secret, nested),
    inspect(new Error('failed', { cause: { secret } }), { depth: null }),
    inspect(new AggregateError([secret], 'failed', { cause: secret }), { depth: null }),
    inspect(structuredClone(secret)),
    JSON.stringify(structuredClone({ secret })),
    serialize(secret).toString('latin1'),
    encodeURIComponent(String(secret)),
    String(new URLSearchParams({ secret: String(secret) })),
  ]
  for (const text of shown) assert.equal(text.includes(BARE), false, text)
  assert.equal(`${secret}`, '[redacted]')
  assert.equal(JSON.stringify({ secret }), '{"secret":"[redacted]"}')
  assert.equal(inspect({ secret }), '{ secret: [redacted] }')
})

test('[F7][T01] neither the console nor pino writes it', () => {
  const stream = new PassThrough()
  const console = new Console(stream, stream)
  console.log(secret, { secret })
  console.dir({ secret }, { showHidden: true })
  console.table([{ secret }])
  console.error(new Error('failed', { cause: secret }))
  const log = pino({}, stream)
  log.info({ secret, err: new Error('failed', { cause: secret }) }, 'text %s %o', secret, secret)
  log.info(secret)
  const written = String(stream.read())
  assert.equal(written.includes(BARE), false, written)
  assert.ok(written.includes('[redacted]'))
})

test('two secrets are the same exactly when their texts are', () => {
  assert.equal(isSameSecret('', ''), true)
  assert.equal(isSameSecret(BARE, BARE), true)
  for (const other of ['', 'a', BARE.slice(1), `${BARE} `, BARE.toUpperCase(), BARE.repeat(100)])
    assert.equal(isSameSecret(BARE, other), false)
})
