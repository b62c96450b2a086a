import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CLINIC, ORIGIN, startRig } from '../testing/rig.ts'
import { setBan } from './ban-user.ts'
import { exportOwnData } from './export-own-data.ts'
import { listOwnEvents } from './own-events.ts'
import { changeProfile } from './profile.ts'
import { sweep } from './sweep.ts'

test('a profile keeps what was left out, empties what is null, and takes 微信用户 for no name', async (t) => {
  const rig = await startRig(t)
  const caller = await rig.caller((await rig.logIn('alice')).token)
  const named = await changeProfile(
    rig.services,
    caller,
    { nickname: ' 小美 ', avatarUrl: 'https://img.example.com/1.png' },
    ORIGIN,
  )
  assert.equal(named?.nickname, '小美')
  const same = await changeProfile(rig.services, caller, { avatarUrl: null }, ORIGIN)
  assert.deepEqual([same?.nickname, same?.avatarUrl], ['小美', null])
  const nobody = await changeProfile(rig.services, caller, { nickname: '微信用户' }, ORIGIN)
  assert.equal(nobody?.nickname, null)
})

test('a profile that is so already leaves no trace in the history', async (t) => {
  const rig = await startRig(t)
  const caller = await rig.caller((await rig.logIn('alice')).token)
  const told = async (): Promise<number> => {
    const events = await rig.store.listEvents({ userId: caller.userId, limit: 100 })
    return events.filter(({ type }) => type === 'user.profile_changed').length
  }
  await changeProfile(rig.services, caller, { nickname: '小美' }, ORIGIN)
  const again = await changeProfile(rig.services, caller, { nickname: ' 小美 ' }, ORIGIN)
  assert.equal(again?.nickname, '小美')
  assert.deepEqual((await changeProfile(rig.services, caller, {}, ORIGIN))?.nickname, '小美')
  assert.equal(await told(), 1)
})

test('a backlog of seeds is worked off: each turn says how many it wiped', async (t) => {
  const rig = await startRig(t)
  await rig.logIn('alice', { nonce: 'PzJtWm5Qb0xhV2tRc1Z4eQ' })
  rig.advance(61)
  assert.deepEqual([await sweep(rig.services, 180), await sweep(rig.services, 180)], [1, 0])
})

test('the own history comes in pages, newest first, and holds nothing of others', async (t) => {
  const rig = await startRig(t)
  await rig.logIn('bob')
  for (let count = 0; count < 5; count += 1) {
    rig.advance(1)
    await rig.logIn('alice')
  }
  const caller = await rig.caller((await rig.logIn('alice')).token)
  const seen: string[] = []
  let before: `evt_${string}` | null = null
  do {
    const page = await listOwnEvents(rig.services, caller, { before, limit: 3 })
    assert.ok(page.events.length <= 3)
    seen.push(...page.events.map((event) => event.id))
    assert.ok(page.events.every((event) => event.userId === caller.userId))
    before = page.next
  } while (before !== null)
  assert.equal(new Set(seen).size, seen.length)
  assert.equal(seen.length, 8, 'made, tied to the app, and six logins')
  assert.deepEqual(seen, [...seen].sort().reverse())
})

test('[F8] the own data is all that is kept, without openid, unionid and session_key', async (t) => {
  const rig = await startRig(t)
  await rig.logIn('alice', { appid: CLINIC })
  const caller = await rig.caller((await rig.logIn('alice')).token)
  const data = await exportOwnData(rig.services, caller)
  assert.deepEqual(data.identities.map(({ appid }) => appid).sort(), [CLINIC, caller.appid].sort())
  assert.equal(data.sessions.length, 2)
  assert.ok(data.events.length >= 4)
  assert.equal(data.hasMoreEvents, false)
  assert.deepEqual(Object.keys(data.identities[0] ?? {}).sort(), ['appid', 'createdAtMs', 'platform'])
})

test('a ban bites living tokens at once and can be lifted; a user who is not there cannot be banned', async (t) => {
  const rig = await startRig(t)
  const { token, user } = await rig.logIn('alice')
  assert.equal(await setBan(rig.services, user.id, true, ORIGIN), true)
  assert.deepEqual(await rig.authenticate(token), { ok: false, reason: 'banned' })
  assert.equal(await setBan(rig.services, user.id, false, ORIGIN), true)
  assert.ok((await rig.authenticate(token)).ok)
  assert.equal(await setBan(rig.services, 'usr_0000000000000000', true, ORIGIN), false)
})

test('the sweep forgets what is over and nothing else', async (t) => {
  const rig = await startRig(t)
  const old = await rig.logIn('alice')
  rig.advance(33 * 86_400)
  const young = await rig.logIn('bob')
  assert.equal(
    await rig.store.findSession(old.session.selector).then((session) => session?.selector),
    old.session.selector,
  )
  rig.advance(2 * 86_400)
  assert.ok((await sweep(rig.services, 180)) > 0)
  assert.equal(await rig.store.findSession(old.session.selector), null)
  assert.ok((await rig.authenticate(young.token)).ok)
  assert.equal((await rig.logIn('alice')).isNew, false, 'users outlive their sessions')
})
