import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { renewed, tryRenew, use } from '../testing/renewals.ts'
import { NO_DEVICE, nonce, ORIGIN, type Rig, startRig } from '../testing/rig.ts'
import { createAuthenticate } from './authenticate.ts'
import { closeAccount } from './close-account.ts'
import { StoreUnavailableError } from './errors.ts'
import { logout } from './logout.ts'
import { endOtherSessions } from './own-sessions.ts'
import { renew } from './renew.ts'
import { revokeSession } from './revoke-sessions.ts'
import { MAX_RENEWALS } from './session/renewal.ts'
import { sessionIdOf } from './session/selector.ts'
import type { RenewalStart, Store } from './store/store.ts'
import { sweep } from './sweep.ts'

const HOUR = 3_600
const DAY = 24 * HOUR
const A_MOMENT = 0.001
const GRACE = 30

/** T0 of a login, and its T1 that was used just now. */
async function rotated(t: TestContext): Promise<{ rig: Rig; old: string; current: string }> {
  const rig = await startRig(t)
  const { token: old } = await rig.logIn('alice')
  const current = await renewed(rig, old)
  assert.equal(await use(rig, current), 'ok')
  return { rig, old, current }
}

/** A store with other methods for some of its own. */
function storeWith(store: Store, methods: Partial<Store>): Store {
  return Object.assign(Object.create(store), methods)
}

test('[F19] a renewal gives another token of the same session and user', async (t) => {
  const rig = await startRig(t)
  const { token, session, user } = await rig.logIn('alice')
  rig.advance(DAY)
  const next = await renewed(rig, token)
  assert.notEqual(next, token)
  const known = await rig.authenticate(next)
  assert.ok(known.ok)
  assert.deepEqual([known.session.selector, known.user.id], [session.selector, user.id])
})

test('[F19][T03] a successor comes from fresh randomness: who knows the token alone cannot make it', async (t) => {
  const rig = await startRig(t)
  const { token } = await rig.logIn('alice')
  const starts: RenewalStart[] = []
  const startRenewal = (start: RenewalStart) => {
    starts.push(start)
    return Promise.reject(new StoreUnavailableError(new Error('disk')))
  }
  const services = { ...rig.services, store: storeWith(rig.store, { startRenewal }) }
  const failing = { services, authenticate: rig.authenticate }
  for (let count = 0; count < 100; count += 1) await assert.rejects(tryRenew(failing, token))
  const seen = (bytes: (start: RenewalStart) => Uint8Array) =>
    new Set(starts.map((start) => Buffer.from(bytes(start)).toString('hex'))).size
  assert.deepEqual([seen(({ seed }) => seed), seen(({ nextHash }) => nextHash)], [100, 100])
  assert.ok(starts.every(({ seed }) => seed.length === 32))
})

test('[F19] after the grace of a first use one token opens the session, however often it was renewed', async (t) => {
  const rig = await startRig(t)
  const tokens = [(await rig.logIn('alice')).token]
  for (let count = 1; count <= 5; count += 1) {
    tokens.unshift(await renewed(rig, tokens[0] ?? ''))
    assert.equal(await use(rig, tokens[0] ?? ''), 'ok')
    rig.advance(GRACE)
  }
  assert.equal(new Set(tokens).size, 6)
  assert.equal(await use(rig, tokens[0] ?? ''), 'ok')
  for (const old of tokens.slice(1)) assert.equal(await use(rig, old), 'reuse_detected')
})

test('[F19] the history tells of each renewal once, however often its answer was asked for', async (t) => {
  const { rig, old, current } = await rotated(t)
  for (const token of [old, old, current]) await renewed(rig, token)
  const { userId } = await rig.caller(current)
  const events = await rig.store.listEvents({ userId, limit: 100 })
  const told = events.filter(({ type }) => type === 'session.renewed')
  assert.equal(told.length, 2)
  assert.deepEqual([told[0]?.ip, told[0]?.requestId], [ORIGIN.ip, ORIGIN.requestId])
})

test('[F21] a token gets the same successor at any time until that is used, also from another process', async (t) => {
  const rig = await startRig(t)
  const { token } = await rig.logIn('alice')
  const next = await renewed(rig, token)
  for (const seconds of [0, 1, GRACE, DAY, 2 * DAY]) {
    rig.advance(seconds)
    assert.equal(await renewed(rig, token), next)
    assert.equal(await use(rig, token), 'ok', 'and it goes on to open')
  }
  const otherProcess = { ...rig, authenticate: createAuthenticate(rig.services) }
  assert.equal(await renewed(otherProcess, token), next)
})

test('[F21] from the first use of the new token the old one opens and renews for thirty seconds, no longer', async (t) => {
  const { rig, old, current } = await rotated(t)
  for (const seconds of [0, 10, 20 - A_MOMENT]) {
    rig.advance(seconds)
    assert.equal(await use(rig, old), 'ok')
    assert.equal(await renewed(rig, old), current)
  }
  rig.advance(A_MOMENT)
  assert.equal(await use(rig, old), 'reuse_detected')
})

test('[F21] the grace runs from the first use, and using either token again makes it no longer', async (t) => {
  const { rig, old, current } = await rotated(t)
  for (let seconds = 0; seconds < GRACE; seconds += 5) {
    assert.deepEqual([await use(rig, old), await use(rig, current)], ['ok', 'ok'])
    rig.advance(5)
  }
  assert.equal(await use(rig, old), 'reuse_detected')
})

test('[F21] a token in its grace renews to its own successor, also when that was replaced meanwhile', async (t) => {
  const { rig, old, current } = await rotated(t)
  const third = await renewed(rig, current)
  assert.equal(await use(rig, third), 'ok')
  assert.equal(await renewed(rig, old), current)
  assert.equal(await renewed(rig, current), third)
})

test('[F18] renewing every day keeps no session past its absolute end, and moves that by nothing', async (t) => {
  const rig = await startRig(t)
  const { token, session } = await rig.logIn('alice')
  let newest = token
  for (let day = 1; day < 30; day += 1) {
    rig.advance(DAY)
    newest = await renewed(rig, newest)
    assert.equal((await rig.caller(newest)).absoluteDeadlineMs, session.absoluteDeadlineMs)
  }
  rig.advance(DAY - A_MOMENT)
  const last = await renewed(rig, newest)
  rig.advance(A_MOMENT)
  for (const one of [newest, last]) assert.equal(await use(rig, one), 'expired')
  assert.deepEqual(await tryRenew(rig, newest), { refusal: 'expired' })
})

test('[F17] a renewal is a use: it keeps the session from idling out', async (t) => {
  const rig = await startRig(t)
  const { token } = await rig.logIn('alice')
  rig.advance(3 * DAY)
  await renewed(rig, token)
  rig.advance(3 * DAY)
  assert.equal(await use(rig, token), 'ok')
  rig.advance(4 * DAY)
  assert.deepEqual(await tryRenew(rig, token), { refusal: 'idle_timeout' })
})

test('logging out with a token in its grace, or with one that was never used, ends the session for all of them', async (t) => {
  for (const which of ['old', 'unused'] as const) {
    const { rig, old, current } = await rotated(t)
    const unused = await renewed(rig, current)
    await logout(rig.services, await rig.caller(which === 'old' ? old : unused), ORIGIN)
    for (const token of [old, current, unused]) assert.equal(await use(rig, token), 'logged_out', which)
    assert.deepEqual(await tryRenew(rig, current), { refusal: 'logged_out' })
  }
})

test('[F25] whatever ended the session, each of its tokens is told so, and none is called stolen', async (t) => {
  const ends: Record<string, (rig: Rig, token: string) => Promise<unknown>> = {
    revoked_by_admin: async (rig, token) =>
      revokeSession(rig.services, sessionIdOf((await rig.caller(token)).selector), ORIGIN),
    revoked_by_user: async (rig) =>
      endOtherSessions(rig.services, await rig.caller((await rig.logIn('alice')).token), ORIGIN),
    user_deleted: async (rig, token) => closeAccount(rig.services, await rig.caller(token), ORIGIN),
  }
  for (const [reason, end] of Object.entries(ends)) {
    const { rig, old, current } = await rotated(t)
    const unused = await renewed(rig, current)
    await end(rig, current)
    rig.advance(GRACE)
    for (const token of [old, current, unused]) assert.equal(await use(rig, token), reason)
    rig.advance(30 * DAY)
    for (const token of [old, current, unused]) assert.equal(await use(rig, token), 'invalid_token')
  }
})

test('a ban stops every token and makes no first use; lifted, all is as it was', async (t) => {
  const rig = await startRig(t)
  const { token, user } = await rig.logIn('alice')
  const next = await renewed(rig, token)
  await rig.store.setUserBan({ userId: user.id, bannedAtMs: rig.services.clock.nowMs(), events: [] })
  assert.deepEqual([await use(rig, next), await use(rig, token)], ['banned', 'banned'])
  await rig.store.setUserBan({ userId: user.id, bannedAtMs: null, events: [] })
  rig.advance(GRACE)
  assert.equal(await use(rig, token), 'ok')
  assert.equal(await use(rig, next), 'ok')
})

test('[R16][R27] a renewal that is found, and is not known to be safe, is not answered again', async (t) => {
  const rig = await startRig(t)
  const { token } = await rig.logIn('alice')
  await renewed(rig, token)
  const confirm = () => Promise.reject(new StoreUnavailableError(new Error('no standby')))
  const services = { ...rig.services, store: storeWith(rig.store, { confirm }) }
  await assert.rejects(tryRenew({ services, authenticate: rig.authenticate }, token), StoreUnavailableError)
})

test('a login whose answer was lost gives its token until a renewal replaced that; then it is a second use', async (t) => {
  const rig = await startRig(t)
  const request = rig.request(rig.code('alice'), { nonce: nonce(), device: NO_DEVICE })
  const first = await rig.login(request)
  assert.ok(first.ok)
  const next = await renewed(rig, first.token)
  const again = await rig.login(request)
  assert.ok(again.ok && again.token === first.token, 'the new token was not used yet')
  assert.equal(await use(rig, next), 'ok')
  const late = await rig.login(request)
  assert.deepEqual([late.ok, late.ok ? '' : late.code], [false, 'code_used'])
  assert.equal(await use(rig, next), 'ok', 'and the session lives on')
})

test('[R03] a renewal or a first use that cannot be written is an error to answer 503, and changes nothing', async (t) => {
  const rig = await startRig(t)
  const { token } = await rig.logIn('alice')
  const fail = () => Promise.reject(new StoreUnavailableError(new Error('disk')))
  const store = storeWith(rig.store, { startRenewal: fail, promoteToken: fail })
  const services = { ...rig.services, store }
  const failing = { services, authenticate: createAuthenticate(services) }
  await assert.rejects(tryRenew(failing, token), { code: 'store_unavailable' })
  const next = await renewed(rig, token)
  await assert.rejects(use(failing, next), { code: 'store_unavailable' })
  rig.advance(GRACE)
  assert.equal(await use(failing, token), 'ok')
  assert.equal(await use(rig, next), 'ok')
})

test('[T12] the token of now costs one look-up, renewed before or not', async (t) => {
  const { rig, current } = await rotated(t)
  const reads: string[] = []
  const store = new Proxy(rig.store, {
    get(target, name, receiver) {
      reads.push(String(name))
      return Reflect.get(target, name, receiver)
    },
  })
  const watched = createAuthenticate({ ...rig.services, store })
  assert.ok((await watched(current)).ok)
  assert.deepEqual(reads, ['findSession'])
})

test('a session that was renewed a thousand times keeps its token from then on, and forgets none of those before', async (t) => {
  const rig = await startRig(t)
  const { token: first } = await rig.logIn('alice')
  let newest = first
  for (let count = 0; count < MAX_RENEWALS; count += 1) {
    newest = await renewed(rig, newest)
    if (count === MAX_RENEWALS - 1) assert.equal(await use(rig, newest), 'ok')
  }
  assert.equal(await renewed(rig, newest), newest)
  rig.advance(GRACE)
  assert.equal(await use(rig, newest), 'ok')
  assert.equal(await use(rig, first), 'reuse_detected')
  assert.equal(await use(rig, newest), 'reuse_detected')
})

test('seeds are gone from the book when their time is over: the token of a renewal cannot be made again', async (t) => {
  const { rig, old, current } = await rotated(t)
  const { selector } = await rig.caller(current)
  const known = await rig.authenticate(old)
  assert.ok(known.ok)
  rig.advance(GRACE)
  await sweep(rig.services, 180)
  const request = { caller: known.session, token: old, origin: ORIGIN }
  const late = await renew(rig.services, rig.authenticate, request)
  assert.deepEqual(late, { ok: false, reason: 'reuse_detected' })
  assert.equal((await rig.store.findSession(selector))?.endReason, 'reuse_detected')
})
