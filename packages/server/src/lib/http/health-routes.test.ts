import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from './testing/desk.ts'

test('both listeners say that they live and that they are ready', async () => {
  const desk = openDesk()
  for (const call of [desk.publicly, desk.internally]) {
    for (const path of ['/healthz', '/readyz']) {
      assert.equal((await call(path)).status, 200)
      const head = await call(path, { method: 'HEAD' })
      assert.deepEqual([head.status, await head.text()], [200, ''])
      const post = await call(path, { method: 'POST' })
      assert.deepEqual([post.status, post.headers.get('allow')], [405, 'GET, HEAD'])
    }
  }
})

test('whoever asks at the wrong listener is shown the other one', async () => {
  const desk = openDesk()
  const login = await desk.internally('/login', { method: 'POST', json: { code: 'alice-1' } })
  assert.equal(login.status, 404)
  assert.match(await login.text(), /on the public one \(PORT\)/)
  const metrics = await desk.publicly('/metrics')
  assert.equal(metrics.status, 404)
  assert.match(await metrics.text(), /on the internal one \(INTERNAL_PORT\)/)
})

test('a server that is about to stop is not ready, but lives', async () => {
  const desk = openDesk({ deps: { isDraining: () => true } })
  assert.equal((await desk.publicly('/readyz')).status, 503)
  assert.equal((await desk.publicly('/healthz')).status, 200)
})

test('the store is asked once a second, whoever asks how it is', async () => {
  let checks = 0
  const desk = openDesk({
    store: (store) => ({
      ...store,
      check: async () => {
        checks += 1
      },
    }),
  })
  for (let index = 0; index < 50; index += 1) await desk.publicly('/readyz')
  assert.equal(checks, 1)
  desk.clock.advanceSeconds(1)
  await desk.publicly('/readyz')
  assert.equal(checks, 2)
})

test('numbers are for the internal listener', async () => {
  const desk = openDesk()
  const metrics = await desk.internally('/metrics')
  assert.deepEqual([metrics.status, await metrics.text()], [200, 'yaopai_up 1\n'])
  assert.match(metrics.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
})

test('every answer carries the headers that keep it out of caches and frames', async () => {
  const desk = openDesk()
  for (const path of ['/healthz', '/nothing', '/session', '/%2e']) {
    const { headers } = await desk.publicly(path)
    const told = [
      'cache-control',
      'x-content-type-options',
      'referrer-policy',
      'content-security-policy',
      'cross-origin-resource-policy',
    ]
    assert.deepEqual(
      told.map((name) => headers.get(name)),
      ['no-store', 'nosniff', 'no-referrer', "default-src 'none'; frame-ancestors 'none'", 'same-origin'],
    )
    assert.match(headers.get('x-request-id') ?? '', /^req_/)
  }
})

test('a base path stands before every public route, and before no internal one', async () => {
  const desk = openDesk({ deps: { basePath: '/yaopai' } })
  const { token } = await desk.login('alice-1')
  assert.equal((await desk.publicly('/yaopai/session', { token })).status, 200)
  for (const path of ['/session', '/yaopai', '/yaopai/', '/yaopaisession', '/yaopai/yaopai/session']) {
    assert.equal((await desk.publicly(path, { token })).status, 404, path)
  }
  assert.equal((await desk.internally('/forward-auth', { token })).status, 200)
})
