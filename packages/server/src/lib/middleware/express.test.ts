import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { type TestContext, test } from 'node:test'
import express from 'express'
import { StoreUnavailableError } from '../errors.ts'
import { problemShape } from '../http/answer-schemas.ts'
import { type Desk, openDesk } from '../http/testing/desk.ts'
import { verify } from '../verify.ts'
import { loadUser, requireUser, type Verifier } from './express.ts'

/** Of a refusal that Yaopai had no part in: strictly without its request id. */
const localShape = problemShape.omit({ requestId: true })

/** A shop whose page is open to all and whose cart is not. */
async function openShop(
  t: TestContext,
  yaopai: Verifier,
): Promise<(path: string, headers?: string[]) => Promise<Response>> {
  const app = express()
  app.use(loadUser(yaopai))
  app.get('/page', (request, response) => void response.json({ user: request.yaopai?.user.id ?? null }))
  app.get('/cart', requireUser(), (request, response) => void response.json(request.yaopai))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const { port } = address
  return async (path, authorizations = []) => {
    const request = httpRequest({ port, path, agent: false })
    if (authorizations.length > 0) request.setHeader('Authorization', authorizations)
    const [incoming] = await once(request.end(), 'response')
    const text = (await incoming.toArray()).join('')
    return new Response(text, { status: incoming.statusCode, headers: flat(incoming.headers) })
  }
}

function flat(headers: Record<string, string | string[] | undefined>): [string, string][] {
  return Object.entries(headers).map(([name, value]) => [name, String(value)])
}

function verifierOf(desk: Desk): Verifier {
  return { verify: (token) => verify(desk.deps.authenticate, token, { requestId: 'req_1' }) }
}

test('[F69] a handler learns who calls', async (t) => {
  const desk = openDesk()
  const { token, user, session } = await desk.login('alice-1')
  const shop = await openShop(t, verifierOf(desk))
  const cart = await shop('/cart', [`Bearer ${token}`])
  assert.deepEqual(await cart.json(), { user, session })
})

test('[F69] a page that is open to all is open to strangers, and to those whose token is dead', async (t) => {
  const desk = openDesk()
  const shop = await openShop(t, verifierOf(desk))
  const { token } = await desk.login('alice-1')
  await desk.publicly('/session', { method: 'DELETE', token })
  for (const headers of [[], [`Bearer ${token}`], ['Basic YTpi']]) {
    const page = await shop('/page', headers)
    assert.deepEqual([page.status, await page.json()], [200, { user: null }])
  }
})

test('[F25][F69] who is refused gets the reason word for word, in body and header', async (t) => {
  const desk = openDesk()
  const shop = await openShop(t, verifierOf(desk))
  const { token } = await desk.login('alice-1')
  await desk.publicly('/session', { method: 'DELETE', token })
  const own = await desk.publicly('/session', { token })
  const cart = await shop('/cart', [`Bearer ${token}`])
  assert.equal(cart.status, 401)
  assert.equal(cart.headers.get('www-authenticate'), own.headers.get('www-authenticate'))
  assert.match(cart.headers.get('content-type') ?? '', /^application\/problem\+json/)
  assert.equal(cart.headers.get('cache-control'), 'no-store')
  const { requestId: _, ...told } = problemShape.parse(await cart.json())
  const { requestId: __, ...expected } = problemShape.parse(await own.json())
  assert.deepEqual(told, expected)
  const stranger = await shop('/cart')
  assert.equal(problemShape.parse(await stranger.json()).code, 'missing_token')
})

test('[R03][F69] a store that does not answer lets nobody in, and calls nobody logged out', async (t) => {
  const verifier: Verifier = { verify: () => Promise.reject(new StoreUnavailableError(new Error('down'))) }
  const shop = await openShop(t, verifier)
  const cart = await shop('/cart', ['Bearer x'])
  assert.deepEqual([cart.status, cart.headers.get('retry-after')], [503, '1'])
  assert.equal(localShape.parse(await cart.json()).code, 'store_unavailable')
})

test('[T15] a request with two tokens is nobody, whichever of them is good', async (t) => {
  const desk = openDesk()
  const { token } = await desk.login('alice-1')
  const shop = await openShop(t, verifierOf(desk))
  for (const headers of [
    [`Bearer ${token}`, `Bearer ${token}`],
    [`Bearer ${token}`, 'Bearer x'],
    [`Bearer ${token}, Bearer x`],
    [`Bearer ${token} x`],
  ]) {
    const cart = await shop('/cart', headers)
    assert.deepEqual([cart.status, localShape.parse(await cart.json()).field], [400, 'authorization'])
  }
})

test('loadUser without a Yaopai is a mistake that says so at once', () => {
  for (const none of [undefined, {}, Promise.resolve({ verify: () => {} })]) {
    assert.throws(() => loadUser(Object(none)), {
      name: 'TypeError',
      message: /needs what createYaopaiClient/,
    })
  }
})

test('requireUser without loadUser before it is a mistake that says so', () => {
  const errors: unknown[] = []
  const response = { statusCode: 200, setHeader: () => undefined, end: () => undefined }
  requireUser()({ rawHeaders: [] }, response, (error) => errors.push(error))
  assert.match(String(errors[0]), /put loadUser\(yaopai\) before it/)
})

test("[F25] the client's Accept-Language reaches Yaopai, and the Chinese title reaches the client", async () => {
  const seen: unknown[] = []
  const verifier: Verifier = {
    verify: async (_token, client) => {
      seen.push(client?.acceptLanguage)
      throw new StoreUnavailableError(new Error('down'))
    },
  }
  const request = { rawHeaders: ['Accept-Language', 'zh-CN', 'Authorization', 'Bearer x'] }
  const response = {
    statusCode: 200,
    setHeader: () => undefined,
    end: (body: string) => void seen.push(body),
  }
  await new Promise((resolve) => loadUser(verifier)(request, response, resolve))
  requireUser()(request, response, () => assert.fail())
  assert.equal(seen[0], 'zh-CN')
  assert.match(String(seen[1]), /存储暂时不可用/)
  assert.match(String(seen[1]), /暂时无法确认来访者是谁/)
})
