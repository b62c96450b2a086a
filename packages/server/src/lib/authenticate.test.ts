import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CLINIC, ORIGIN, type Rig, startRig } from '../testing/rig.ts'
import { createAuthenticate } from './authenticate.ts'
import { closeAccount } from './close-account.ts'
import { logout } from './logout.ts'
import { endOtherSessions, endOwnSession, listOwnSessions } from './own-sessions.ts'
import { revokeSession, revokeUserSessions } from './revoke-sessions.ts'
import { sessionIdOf } from './session/selector.ts'
import { formatToken } from './session/token.ts'

const HOUR = 3_600
const DAY = 24 * HOUR

async function reason(rig: Rig, token: string): Promise<string> {
  const known = await rig.authenticate(token)
  return known.ok ? 'ok' : known.reason
}

test('[F17] a session that is not used dies after its idle time plus the hour between two touches', async (t) => {
  const rig = await startRig(t)
  const { token } = await rig.logIn('alice')
  rig.advance(3 * DAY + HOUR - 0.001)
  assert.equal(await reason(rig, token), 'ok')
  rig.advance(3 * DAY + HOUR)
  assert.equal(await reason(rig, token), 'idle_timeout')
})

test('[F17] use keeps a session alive; [F18] nothing keeps it past its absolute end', async (t) => {
  const rig = await startRig(t)
  const { token } = await rig.logIn('alice')
  for (let day = 1; day < 30; day += 1) {
    rig.advance(DAY)
    assert.equal(await reason(rig, token), 'ok', `day ${day}`)
  }
  rig.advance(DAY)
  assert.equal(await reason(rig, token), 'expired')
})

test('the deadline is written at most once an hour, however often a token is used', async (t) => {
  const rig = await startRig(t)
  const { token } = await rig.logIn('alice')
  let touches = 0
  const counting = createAuthenticate({
    ...rig.services,
    store: Object.assign(Object.create(rig.store), {
      touchSession: (selector: number, deadline: number) => {
        touches += 1
        return rig.store.touchSession(selector, deadline)
      },
    }),
  })
  for (let minute = 0; minute < 180; minute += 1) {
    await counting(token)
    rig.advance(60)
  }
  assert.equal(touches, 2)
})

test('[F25] thirty days after its end a session is forgotten: the reason is told no more', async (t) => {
  const rig = await startRig(t)
  const { token } = await rig.logIn('alice')
  await logout(rig.services, await rig.caller(token), ORIGIN)
  assert.equal(await reason(rig, token), 'logged_out')
  rig.advance(30 * DAY)
  assert.equal(await reason(rig, token), 'logged_out')
  rig.advance(0.001)
  assert.equal(await reason(rig, token), 'invalid_token')
})

test('[F25] the reason is told to the holder of the very token, to nobody who merely knows the selector', async (t) => {
  const rig = await startRig(t)
  const { token, session } = await rig.logIn('alice')
  await logout(rig.services, await rig.caller(token), ORIGIN)
  const forged = formatToken('yp1_', session.selector, Buffer.alloc(32, 7))
  assert.equal(await reason(rig, forged), 'invalid_token')
})

test('[T12] malformed tokens cost no look-up in the store', async (t) => {
  const rig = await startRig(t)
  const { token } = await rig.logIn('alice')
  let reads = 0
  const watched = createAuthenticate({
    ...rig.services,
    store: Object.assign(Object.create(rig.store), {
      findSession: (selector: number) => {
        reads += 1
        return rig.store.findSession(selector)
      },
    }),
  })
  for (const bad of [
    '',
    'x',
    token.slice(1),
    `${token}x`,
    token.toUpperCase(),
    token.replace('yp1_', 'yk1_'),
    ` ${token}`,
  ]) {
    assert.deepEqual(await watched(bad), { ok: false, reason: 'invalid_token' })
  }
  assert.equal(reads, 0)
})

test('no token at all is missing, not invalid', async (t) => {
  const rig = await startRig(t)
  assert.deepEqual(await rig.authenticate(null), { ok: false, reason: 'missing_token' })
})

test('[R03] a store that cannot be read is an error for the caller to answer 503, never a yes', async (t) => {
  const rig = await startRig(t)
  const { token } = await rig.logIn('alice')
  await rig.store.close()
  await assert.rejects(rig.authenticate(token), { code: 'store_unavailable' })
})

test('[F22][F24][T21] a user sees the own sessions and ends one of them; nobody else’s', async (t) => {
  const rig = await startRig(t)
  const [phone, tablet, bobs] = [await rig.logIn('alice'), await rig.logIn('alice'), await rig.logIn('bob')]
  const caller = await rig.caller(phone.token)
  const listed = await listOwnSessions(rig.services, caller)
  assert.deepEqual(
    new Set(listed.map((session) => session.selector)),
    new Set([phone.session.selector, tablet.session.selector]),
  )
  assert.equal(await endOwnSession(rig.services, caller, sessionIdOf(bobs.session.selector), ORIGIN), false)
  assert.equal(await reason(rig, bobs.token), 'ok')
  assert.equal(await endOwnSession(rig.services, caller, sessionIdOf(tablet.session.selector), ORIGIN), true)
  assert.equal(await reason(rig, tablet.token), 'revoked_by_user')
  assert.equal(await endOwnSession(rig.services, caller, 'ses_nonsense', ORIGIN), false)
})

test('[F23] a user ends all other sessions and keeps the one in hand', async (t) => {
  const rig = await startRig(t)
  const mine = await rig.logIn('alice')
  const others = [await rig.logIn('alice'), await rig.logIn('alice')]
  assert.equal(await endOtherSessions(rig.services, await rig.caller(mine.token), ORIGIN), 2)
  assert.equal(await reason(rig, mine.token), 'ok')
  for (const other of others) assert.equal(await reason(rig, other.token), 'revoked_by_user')
})

test('[F23] the history names the app of one ended session, and none that survived of many', async (t) => {
  const rig = await startRig(t)
  const mine = await rig.logIn('alice')
  const elsewhere = await rig.logIn('alice', { appid: CLINIC, code: rig.code('alice', CLINIC) })
  await rig.logIn('alice')
  const caller = await rig.caller(mine.token)
  const sessionId = sessionIdOf(elsewhere.session.selector)
  assert.equal(await endOwnSession(rig.services, caller, sessionId, ORIGIN), true)
  assert.equal(await endOtherSessions(rig.services, caller, ORIGIN), 1)
  const events = await rig.store.listEvents({ userId: caller.userId, limit: 100 })
  const one = events.find(({ type }) => type === 'session.ended')
  assert.deepEqual([one?.appid, one?.sessionId], [CLINIC, sessionId])
  const many = events.find(({ type }) => type === 'sessions.ended')
  assert.deepEqual([many?.appid, many?.sessionId], [null, null])
})

test('[F23] nobody ends a session whose time is over: its token goes on hearing why, and no count lies', async (t) => {
  const rig = await startRig(t)
  const old = await rig.logIn('alice')
  rig.advance(20 * 86_400)
  const mine = await rig.logIn('alice')
  const caller = await rig.caller(mine.token)
  const oldId = sessionIdOf(old.session.selector)
  assert.equal(await endOwnSession(rig.services, caller, oldId, ORIGIN), false)
  assert.equal(await revokeSession(rig.services, oldId, ORIGIN), false)
  assert.equal(await endOtherSessions(rig.services, caller, ORIGIN), 0)
  assert.equal(await revokeUserSessions(rig.services, mine.user.id, ORIGIN), 1)
  assert.equal(await reason(rig, old.token), 'idle_timeout')
  const again = await rig.logIn('alice')
  assert.equal(await closeAccount(rig.services, await rig.caller(again.token), ORIGIN), 'closed')
  assert.equal(await reason(rig, old.token), 'idle_timeout')
  assert.equal(await reason(rig, again.token), 'user_deleted')
})

test('[F22][F23] an administrator ends one session, or all of a user, with effect at once', async (t) => {
  const rig = await startRig(t)
  const [one, two] = [await rig.logIn('alice'), await rig.logIn('alice')]
  assert.equal(await revokeSession(rig.services, sessionIdOf(one.session.selector), ORIGIN), true)
  assert.equal(await reason(rig, one.token), 'revoked_by_admin')
  assert.equal(await revokeSession(rig.services, sessionIdOf(one.session.selector), ORIGIN), false)
  assert.equal(await revokeUserSessions(rig.services, two.user.id, ORIGIN), 1)
  assert.equal(await reason(rig, two.token), 'revoked_by_admin')
})

test('closing the account wants a fresh login, ends everything, and who comes back is somebody new', async (t) => {
  const rig = await startRig(t)
  const stale = await rig.logIn('alice')
  rig.advance(301)
  assert.equal(await closeAccount(rig.services, await rig.caller(stale.token), ORIGIN), 'reauth_required')
  const fresh = await rig.logIn('alice')
  assert.equal(await closeAccount(rig.services, await rig.caller(fresh.token), ORIGIN), 'closed')
  assert.equal(await reason(rig, stale.token), 'user_deleted')
  assert.equal(await reason(rig, fresh.token), 'user_deleted')
  const back = await rig.logIn('alice')
  assert.notEqual(back.user.id, fresh.user.id)
  assert.equal(back.isNew, true)
})
