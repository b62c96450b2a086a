import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Asked, askedOfWeb } from './asked.ts'
import { MAX_BODY_BYTES } from './max-body.ts'
import { readBody } from './read-body.ts'

function post(
  body: string | Buffer | ReadableStream,
  type: string,
  more: Record<string, string> = {},
): Asked {
  const headers = { 'content-type': type, ...more }
  return askedOfWeb(new Request('http://a/', { method: 'POST', body, headers, duplex: 'half' }))
}

async function codeOf(request: Asked, format: 'none' | 'json' | 'form'): Promise<string> {
  const read = await readBody(request, format)
  return read.ok ? 'ok' : read.refusal.code
}

test('[T27] a stream without end is read up to the first byte too many', async () => {
  let pulled = 0
  const endless = new ReadableStream({
    pull(controller) {
      pulled += 1_000
      controller.enqueue(Buffer.alloc(1_000, 32))
    },
  })
  assert.equal(await codeOf(post(endless, 'application/json'), 'json'), 'payload_too_large')
  assert.ok(pulled < MAX_BODY_BYTES + 4_000, String(pulled))
})

test('a body that says it is shorter than it is, is measured', async () => {
  const body = ' '.repeat(MAX_BODY_BYTES + 1)
  const request = post(body, 'application/json', { 'content-length': '2' })
  assert.equal(await codeOf(request, 'json'), 'payload_too_large')
})

test('only the content type of the route is taken, in UTF-8 and not compressed', async () => {
  for (const type of [
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
  ]) {
    assert.equal(await codeOf(post('{}', type), 'json'), 'ok', type)
  }
  for (const type of [
    '',
    'text/json',
    'application/json5',
    'application/json; charset=gbk',
    'application/json, text/plain',
    'application/problem+json',
    'application/json; a=b',
  ]) {
    assert.equal(await codeOf(post('{}', type), 'json'), 'unsupported_media_type', type)
  }
  const gzip = post('{}', 'application/json', { 'content-encoding': 'gzip' })
  assert.equal(await codeOf(gzip, 'json'), 'unsupported_media_type')
})

test('a form holds each name once, in UTF-8', async () => {
  const type = 'application/x-www-form-urlencoded'
  const good = await readBody(post('token=a%20b&x=%C3%A9', type), 'form')
  assert.deepEqual(good, { ok: true, value: { token: 'a b', x: 'é' } })
  for (const body of ['token=a&token=b', '=x', 'a%00=1', Buffer.from([0x61, 0x3d, 0xff])]) {
    assert.equal(await codeOf(post(body, type), 'form'), 'invalid_request', String(body))
  }
})

test('a route without body takes none', async () => {
  assert.equal(await codeOf(post('', 'text/plain'), 'none'), 'ok')
  assert.equal(await codeOf(post('x', 'text/plain'), 'none'), 'invalid_request')
})
