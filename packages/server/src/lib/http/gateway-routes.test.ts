import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setBan } from '../ban-user.ts'
import { isUserId } from '../ids.ts'
import { APPID, openDesk } from './testing/desk.ts'

test('[F72] a gateway learns in headers who calls', async () => {
  const desk = openDesk()
  const { token, user, session } = await desk.login('alice-1')
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS', 'DELETE']) {
    const response = await desk.internally('/forward-auth', { method, token })
    assert.equal(response.status, 200)
    assert.deepEqual(
      ['user', 'app', 'session'].map((name) => response.headers.get(`x-yaopai-${name}`)),
      [user.id, APPID, session.id],
    )
    assert.equal(await response.text(), '')
  }
})

test('[F25][F72] it answers 200, 401 or 403 and says why in the header, since gateways drop bodies', async () => {
  const desk = openDesk()
  const [ended, banned] = [await desk.login('alice-1'), await desk.login('bob-1')]
  await desk.publicly('/session', { method: 'DELETE', token: ended.token })
  assert.ok(isUserId(banned.user.id))
  await setBan(desk.services, banned.user.id, true, { requestId: 'r', ip: null })
  const cases: [string | null, number, string][] = [
    [null, 401, 'missing_token'],
    ['Basic YTpi', 401, 'missing_token'],
    ['Bearer x', 401, 'invalid_token'],
    [`Bearer ${ended.token}, Bearer x`, 401, 'invalid_token'],
    [`Bearer ${desk.apiKeys.orders}`, 401, 'invalid_token'],
    [`Bearer ${ended.token}`, 401, 'logged_out'],
    [`Bearer ${banned.token}`, 403, 'banned'],
  ]
  for (const [authorization, status, code] of cases) {
    const headers = authorization === null ? {} : { authorization }
    const response = await desk.internally('/forward-auth', { headers })
    assert.equal(response.status, status, code)
    assert.match(response.headers.get('www-authenticate') ?? '', new RegExp(`yaopai_code="${code}"`))
    assert.equal(response.headers.get('x-yaopai-user'), null)
  }
})

test('[F72] with optional=1 strangers pass without identity; a dead token does not make a stranger', async () => {
  const desk = openDesk()
  const stranger = await desk.internally('/forward-auth?optional=1')
  assert.deepEqual([stranger.status, stranger.headers.get('x-yaopai-user')], [200, null])
  assert.equal((await desk.internally('/forward-auth?optional=1', { token: 'x' })).status, 401)
  assert.equal((await desk.internally('/forward-auth?optional=0')).status, 401)
  const { token, user } = await desk.login('alice-1')
  const known = await desk.internally('/forward-auth?optional=1', { token })
  assert.equal(known.headers.get('x-yaopai-user'), user.id)
})

test("[T04] what a client says of itself in the gateway's headers is not looked at", async () => {
  const desk = openDesk()
  const [alice, bob] = [await desk.login('alice-1'), await desk.login('bob-1')]
  const headers = {
    'x-yaopai-user': bob.user.id,
    'x-original-authorization': `Bearer ${bob.token}`,
    'x-original-uri': `/?token=${bob.token}`,
    'x-forwarded-uri': `/?token=${bob.token}`,
    cookie: 'token=business; sid=1',
  }
  const none = await desk.internally('/forward-auth', { headers })
  assert.equal(none.status, 401)
  const own = await desk.internally('/forward-auth', { headers, token: alice.token })
  assert.equal(own.headers.get('x-yaopai-user'), alice.user.id)
})
