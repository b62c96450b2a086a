import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreUnavailableError } from '../errors.ts'
import type { UserId } from '../ids.ts'
import type { Store } from '../store/store.ts'
import { eventPageShape, problemShape, renewShape, verifyShape } from './answer-schemas.ts'
import { type Desk, openDesk, START_MS } from './testing/desk.ts'

const GRACE = 30
const DAY = 86_400
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

async function renewed(desk: Desk, token: string) {
  const response = await desk.publicly('/session/renew', { method: 'POST', token })
  assert.equal(response.status, 200, await response.clone().text())
  return renewShape.parse(await response.json())
}

function iso(seconds: number): string {
  return new Date(START_MS + seconds * 1000).toISOString()
}

/** Every door at which a token can be used. */
const USES: Record<string, (desk: Desk, token: string) => Promise<Response>> = {
  '/session': (desk, token) => desk.publicly('/session', { token }),
  '/session/renew': (desk, token) => desk.publicly('/session/renew', { method: 'POST', token }),
  '/forward-auth': (desk, token) => desk.internally('/forward-auth', { token }),
  '/verify': (desk, token) =>
    desk.internally('/verify', { method: 'POST', token: desk.apiKeys.orders, json: { token } }),
  '/introspect': (desk, token) =>
    desk.internally('/introspect', {
      method: 'POST',
      token: desk.apiKeys.orders,
      headers: FORM,
      body: `token=${token}`,
    }),
}

test('[F19] POST /session/renew gives token, end, idle time and when to renew next', async () => {
  const desk = openDesk()
  const login = await desk.login('alice-1')
  assert.equal(login.renewAfter, iso(DAY), 'a login counts from the login on')
  desk.clock.advanceSeconds(DAY)
  const response = await desk.publicly('/session/renew', { method: 'POST', token: login.token })
  assert.deepEqual([response.status, response.headers.get('cache-control')], [200, 'no-store'])
  const { token, ...rest } = renewShape.parse(await response.json())
  assert.notEqual(token, login.token)
  assert.deepEqual(rest, {
    expiresAt: login.expiresAt,
    idleSeconds: login.idleSeconds,
    renewAfter: iso(2 * DAY),
  })
  assert.equal((await desk.publicly('/session', { token })).status, 200)
})

test('[F18] a renewal moves no end, and asks for no other one after it', async () => {
  const desk = openDesk()
  const login = await desk.login('alice-1')
  let { token } = login
  for (let day = 1; day < 30; day += 1) {
    desk.clock.advanceSeconds(DAY)
    const answer = await renewed(desk, token)
    assert.deepEqual([answer.expiresAt, answer.renewAfter], [login.expiresAt, iso((day + 1) * DAY)])
    token = answer.token
  }
  desk.clock.advanceSeconds(DAY / 2)
  const last = await renewed(desk, token)
  assert.deepEqual([last.expiresAt, last.renewAfter], [login.expiresAt, login.expiresAt])
  desk.clock.advanceSeconds(DAY / 2)
  const late = await desk.publicly('/session/renew', { method: 'POST', token: last.token })
  assert.deepEqual([late.status, problemShape.parse(await late.json()).code], [401, 'expired'])
})

test('[F21][T13] as many renewals at once as a client can send are all answered, with one token', async () => {
  const desk = openDesk()
  const { token } = await desk.login('alice-1')
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => renewed(desk, token)))
  assert.equal(new Set(answers.map((answer) => answer.token)).size, 1)
})

for (const [door, useAt] of Object.entries(USES)) {
  test(`[F20][F21] the first use at ${door} counts, and the old token’s late use there ends the session`, async () => {
    const desk = openDesk()
    const { token: old } = await desk.login('alice-1')
    const { token } = await renewed(desk, old)
    desk.clock.advanceSeconds(DAY)
    assert.equal((await useAt(desk, token)).status, 200)
    desk.clock.advanceSeconds(GRACE - 1)
    assert.equal((await desk.publicly('/session', { token: old })).status, 200)
    desk.clock.advanceSeconds(1)
    await useAt(desk, old)
    const both = [await desk.publicly('/session', { token }), await desk.publicly('/session', { token: old })]
    for (const response of both) {
      const challenge = response.headers.get('www-authenticate')
      const said = 'yaopai_code="reuse_detected", yaopai_class="signed_out"'
      assert.deepEqual([response.status, challenge], [401, `Bearer error="invalid_token", ${said}`])
    }
  })

  test(`[R03] a first use at ${door} that cannot be written is 503, and so is an end that cannot`, async () => {
    let isDown = false
    const fail = () => Promise.reject(new StoreUnavailableError(new Error('disk')))
    const failing = (store: Store): Store =>
      new Proxy(store, {
        get: (target, name, receiver) =>
          isDown && (name === 'promoteToken' || name === 'endSession')
            ? fail
            : Reflect.get(target, name, receiver),
      })
    const desk = openDesk({ store: failing })
    const { token: old } = await desk.login('alice-1')
    const { token } = await renewed(desk, old)
    isDown = true
    assert.equal((await useAt(desk, token)).status, 503)
    isDown = false
    assert.equal((await desk.publicly('/session', { token })).status, 200)
    desk.clock.advanceSeconds(GRACE)
    isDown = true
    assert.equal((await useAt(desk, old)).status, 503)
    isDown = false
    assert.equal((await desk.publicly('/session', { token })).status, 200)
  })
}

test('[F20] /verify hands the reason on, /introspect says no more than inactive', async () => {
  const desk = openDesk()
  const { token: old } = await desk.login('alice-1')
  const { token } = await renewed(desk, old)
  await desk.publicly('/session', { token })
  desk.clock.advanceSeconds(GRACE)
  const inactive = await USES['/introspect']?.(desk, old)
  assert.deepEqual(await inactive?.json(), { active: false })
  const verified = verifyShape.parse(await (await USES['/verify']?.(desk, token))?.json())
  assert.ok(!verified.ok)
  assert.deepEqual([verified.problem.code, verified.problem.class], ['reuse_detected', 'signed_out'])
})

test('[F20] the user sees on another device that a session was renewed, and why it ended', async () => {
  const desk = openDesk()
  const phone = await desk.login('alice-1')
  const tablet = await desk.login('alice-2')
  await desk.publicly('/session', { token: (await renewed(desk, phone.token)).token })
  desk.clock.advanceSeconds(GRACE)
  await desk.publicly('/session', { token: phone.token, ip: '198.51.100.9' })
  const page = await desk.publicly('/me/events', { token: tablet.token })
  const { events } = eventPageShape.parse(await page.json())
  assert.deepEqual(
    events.slice(0, 2).map(({ type, reason, ip, sessionId }) => ({ type, reason, ip, sessionId })),
    [
      { type: 'session.ended', reason: 'reuse_detected', ip: '198.51.100.9', sessionId: phone.session.id },
      { type: 'session.renewed', reason: null, ip: '203.0.113.7', sessionId: phone.session.id },
    ],
  )
})

test('[F20] an old token that a back end presents leaves the back end’s address out of the user’s history', async () => {
  for (const door of ['/verify', '/introspect', '/forward-auth']) {
    const desk = openDesk()
    const { token: old, user } = await desk.login('alice-1')
    await desk.publicly('/session', { token: (await renewed(desk, old)).token })
    desk.clock.advanceSeconds(GRACE)
    await USES[door]?.(desk, old)
    const [event] = await desk.services.store.listEvents({ userId: user.id as UserId, limit: 1 })
    assert.deepEqual([event?.type, event?.ip], ['session.ended', null], door)
    assert.match(event?.requestId ?? '', /^req_/, door)
  }
})

test('[T14] a renewal takes its token from the header alone, and no body', async () => {
  const desk = openDesk()
  const { token, user } = await desk.login('alice-1')
  const refused = [
    await desk.publicly('/session/renew', { method: 'POST', token, json: { token } }),
    await desk.publicly(`/session/renew?token=${token}`, { method: 'POST' }),
    await desk.publicly('/session/renew', { method: 'POST', headers: FORM, body: `token=${token}` }),
    await desk.publicly('/session/renew', { method: 'POST' }),
    await desk.publicly('/session/renew', { token }),
    await desk.internally('/session/renew', { method: 'POST', token }),
  ]
  assert.deepEqual(
    refused.map(({ status }) => status),
    [400, 400, 401, 401, 405, 404],
  )
  const events = await desk.services.store.listEvents({ userId: user.id as UserId, limit: 9 })
  assert.ok(events.every(({ type }) => type !== 'session.renewed'))
})

test('[R33] whichever call of the store throws in a renewal, only the request that met it feels it', async () => {
  let broken: PropertyKey = ''
  const desk = openDesk({
    store: (store) =>
      new Proxy(store, {
        get: (target, name, receiver) => {
          if (name === broken) throw new TypeError('canary')
          return Reflect.get(target, name, receiver)
        },
      }),
  })
  const { token } = await desk.login('alice-1')
  const { token: next } = await renewed(desk, token)
  const calls: [PropertyKey, string, string][] = [
    ['promoteToken', '/session', next],
    ['startRenewal', '/session/renew', next],
    ['findRetiredToken', '/session', token],
    ['findRetiredToken', '/session/renew', token],
  ]
  for (const [name, door, presented] of calls) {
    broken = name
    const response = await USES[door]?.(desk, presented)
    assert.equal(response?.status, 500, String(name))
    assert.doesNotMatch((await response?.text()) ?? '', /canary/)
    broken = ''
    assert.equal((await desk.publicly('/session', { token: next })).status, 200, String(name))
  }
})
