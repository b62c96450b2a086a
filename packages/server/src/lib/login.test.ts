import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { CLINIC, nonce, type Rig, SHOP, STRANGER, startRig } from '../testing/rig.ts'
import { StoreUnavailableError } from './errors.ts'
import { keysOf } from './identity/key-ring.ts'
import type { LoginResult } from './login.ts'
import { createMemoryStore } from './store/memory/memory-store.ts'
import { openSqliteStore } from './store/sqlite/sqlite-store.ts'
import type { Store } from './store/store.ts'

const WECHAT_PATH = '/sns/jscode2session'

async function eventTypes(rig: Rig, userId: `usr_${string}`): Promise<string[]> {
  const events = await rig.store.listEvents({ userId, limit: 100 })
  return events.map((event) => event.type)
}

function refusalOf(result: LoginResult): string {
  return result.ok ? 'ok' : result.code
}

function exchanges(rig: Rig): number {
  return rig.emulator.calls().length
}

test('[F1][F2][F69] a code becomes a user, a session and an opaque token that names them', async (t) => {
  const rig = await startRig(t)
  const login = await rig.logIn('alice')
  assert.match(login.token, /^yp1_[A-Za-z0-9_-]{52}[0-9A-Za-z]{6}$/)
  assert.equal(login.isNew, true)
  const known = await rig.authenticate(login.token)
  assert.ok(known.ok)
  assert.equal(known.user.id, login.user.id)
  assert.equal(exchanges(rig), 1)
  assert.deepEqual((await eventTypes(rig, login.user.id)).sort(), [
    'identity.created',
    'login.succeeded',
    'user.created',
  ])
})

test('[F7][F8][T01] the answer and the record of a login hold neither openid nor session_key', async (t) => {
  const rig = await startRig(t)
  const login = await rig.logIn('alice', { nonce: nonce() })
  const sessionKey = rig.emulator.sessionKeyOf({ appid: SHOP, user: 'alice' })
  assert.ok(sessionKey)
  const identity = await rig.store.findIdentity({
    platform: 'wechat',
    appid: SHOP,
    openid: rig.emulator.openidOf(SHOP, 'alice'),
  })
  const kept = JSON.stringify([identity, await rig.store.findSession(login.session.selector), rig.logLines])
  assert.ok(!kept.includes(sessionKey), 'the key is kept sealed only')
  assert.ok(!JSON.stringify([login.token, login.user, rig.logLines]).includes(identity?.openid ?? 'none'))
})

test('[F3][T03] two logins with the same session_key have tokens that share nothing', async (t) => {
  const rig = await startRig(t)
  rig.emulator.setSettings({ sessionKeyMinRefreshSeconds: 1_000_000 })
  const first = await rig.logIn('alice')
  const second = await rig.logIn('alice')
  assert.notEqual(first.token, second.token)
  assert.notEqual(first.token.slice(14, 50), second.token.slice(14, 50))
})

test('the same user comes back as the same user, known and not new', async (t) => {
  const rig = await startRig(t)
  const first = await rig.logIn('alice')
  const second = await rig.logIn('alice')
  assert.equal(second.user.id, first.user.id)
  assert.equal(second.isNew, false)
  assert.notEqual(second.session.selector, first.session.selector)
})

for (const [name, openStore] of stores()) {
  test(`[F13] 100 parallel first logins with 100 codes make one user (${name})`, async (t) => {
    const rig = await startRig(t, { store: await openStore(t) })
    const codes = Array.from({ length: 100 }, () => rig.code('alice'))
    const results = await Promise.all(codes.map((code) => rig.login(rig.request(code))))
    const users = new Set(results.map((result) => (result.ok ? result.user.id : result.code)))
    assert.equal(users.size, 1)
    assert.equal(results.filter((result) => result.ok && result.isNew).length, 1)
  })
}

function stores(): [string, (t: TestContext) => Promise<Store>][] {
  return [
    ['memory', async () => createMemoryStore({ clock: { nowMs: () => Date.UTC(2026, 10, 23) } })],
    ['SQLite', openSqliteInTempFolder],
  ]
}

async function openSqliteInTempFolder(t: TestContext): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'yaopai-login-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const onFatal = (error: Error) => {
    throw error
  }
  return openSqliteStore({ file: join(folder, 'yaopai.db'), role: 'server', onFatal })
}

test('[F10][T09][R27] 100 parallel logins with one code and one nonce are one exchange, one session, one answer', async (t) => {
  const rig = await startRig(t)
  const request = rig.request(rig.code('alice'), { nonce: nonce() })
  const results = await Promise.all(Array.from({ length: 100 }, () => rig.login(request)))
  const tokens = new Set(results.map((result) => (result.ok ? result.token : result.code)))
  assert.equal(tokens.size, 1)
  assert.equal(exchanges(rig), 1)
  const [first] = results
  assert.ok(first?.ok)
  assert.equal((await rig.store.listSessions(first.user.id, rig.services.clock.nowMs())).length, 1)
})

test('[T09][R27] a lost answer: code and nonce again give the same token without a second exchange, for 60 s', async (t) => {
  const rig = await startRig(t)
  const request = rig.request(rig.code('alice'), { nonce: nonce() })
  const first = await rig.login(request)
  rig.advance(60)
  const again = await rig.login(request)
  assert.deepEqual(again.ok && again.token, first.ok && first.token)
  assert.equal(again.ok && again.isNew, true, 'the answer is the same in all its parts')
  assert.equal(exchanges(rig), 1)
  rig.advance(0.001)
  assert.equal(refusalOf(await rig.login(request)), 'code_used')
})

test('[T09] the same code from another client is refused and noted, in flight and afterwards', async (t) => {
  const rig = await startRig(t)
  const code = rig.code('alice')
  const [mine, theirs, nobodys] = await Promise.all([
    rig.login(rig.request(code, { nonce: nonce() })),
    rig.login(rig.request(code, { nonce: nonce() })),
    rig.login(rig.request(code)),
  ])
  assert.deepEqual([mine, theirs, nobodys].map(refusalOf), ['ok', 'code_used', 'code_used'])
  assert.equal(refusalOf(await rig.login(rig.request(code, { nonce: nonce() }))), 'code_used')
  assert.equal(exchanges(rig), 1)
  assert.ok(rig.logLines.some((line) => line.event === 'login.code_replayed'))
})

test('[F11] without a nonce a code works once: nobody can show that the second time is the same client', async (t) => {
  const rig = await startRig(t)
  const request = rig.request(rig.code('alice'))
  assert.deepEqual([await rig.login(request), await rig.login(request)].map(refusalOf), ['ok', 'code_used'])
})

test('[T09] a retried login does not bring back a session that was ended meanwhile', async (t) => {
  const rig = await startRig(t)
  const request = rig.request(rig.code('alice'), { nonce: nonce() })
  const first = await rig.login(request)
  assert.ok(first.ok)
  await rig.store.endUserSessions({
    userId: first.user.id,
    exceptSelector: null,
    reason: 'logged_out',
    atMs: rig.services.clock.nowMs(),
    events: [],
  })
  assert.equal(refusalOf(await rig.login(request)), 'code_used')
})

test('[T10] a code of one app is worth nothing in another', async (t) => {
  const rig = await startRig(t)
  assert.equal(
    refusalOf(await rig.login(rig.request(rig.code('alice', SHOP), { appid: CLINIC }))),
    'code_invalid',
  )
})

test('an app that nobody configured, and one that is frozen, log nobody in and ask WeChat nothing', async (t) => {
  const rig = await startRig(t, { apps: { frozen: true } })
  assert.equal(
    refusalOf(await rig.login(rig.request('code', { appid: 'wx9999999999999999' }))),
    'unknown_app',
  )
  assert.equal(refusalOf(await rig.login(rig.request(rig.code('alice')))), 'app_disabled')
  assert.equal(exchanges(rig), 0)
})

test('[T11] logging in again makes a new session; nothing that a client presents is taken over', async (t) => {
  const rig = await startRig(t)
  const selectors = new Set<number>()
  for (let round = 0; round < 200; round += 1) selectors.add((await rig.logIn('alice')).session.selector)
  assert.equal(selectors.size, 200)
})

test('[F15] several devices of one user live side by side', async (t) => {
  const rig = await startRig(t)
  const phone = await rig.logIn('alice', { device: device('phone') })
  const tablet = await rig.logIn('alice', { device: device('tablet') })
  assert.ok((await rig.authenticate(phone.token)).ok)
  assert.ok((await rig.authenticate(tablet.token)).ok)
})

test('[F25] a new login of the same device replaces its session and tells the old token so', async (t) => {
  const rig = await startRig(t)
  const first = await rig.logIn('alice', { device: device('phone') })
  await rig.logIn('alice', { device: device('phone') })
  assert.deepEqual(await rig.authenticate(first.token), { ok: false, reason: 'replaced' })
  assert.ok((await eventTypes(rig, first.user.id)).includes('session.ended'))
})

test('a device id of another user replaces nothing', async (t) => {
  const rig = await startRig(t)
  const alice = await rig.logIn('alice', { device: device('shared') })
  await rig.logIn('bob', { device: device('shared') })
  assert.ok((await rig.authenticate(alice.token)).ok)
})

test('the oldest session gives way to the eleventh', async (t) => {
  const rig = await startRig(t)
  const logins = []
  for (let count = 0; count < 11; count += 1) {
    logins.push(await rig.logIn('alice'))
    rig.advance(1)
  }
  const verdicts = await Promise.all(logins.map((login) => rig.authenticate(login.token)))
  assert.deepEqual(
    verdicts.map((verdict) => verdict.ok),
    [false, ...Array<boolean>(10).fill(true)],
  )
})

test('one person in two apps of an open platform is one user; in an app of another platform a stranger', async (t) => {
  const rig = await startRig(t)
  const shop = await rig.logIn('alice')
  const clinic = await rig.logIn('alice', { appid: CLINIC })
  const stranger = await rig.logIn('alice', { appid: STRANGER })
  assert.equal(clinic.user.id, shop.user.id)
  assert.notEqual(stranger.user.id, shop.user.id)
})

test('[F35] the newest three session_keys are kept, newest first, written only when new', async (t) => {
  const rig = await startRig(t)
  rig.emulator.setSettings({ sessionKeyMinRefreshSeconds: 0 })
  const issued: string[] = []
  for (let count = 0; count < 4; count += 1) {
    await rig.logIn('alice')
    issued.unshift(rig.emulator.sessionKeyOf({ appid: SHOP, user: 'alice' }) ?? '')
  }
  const key = { platform: 'wechat', appid: SHOP, openid: rig.emulator.openidOf(SHOP, 'alice') } as const
  const identity = await rig.store.findIdentity(key)
  assert.ok(identity)
  const kept = keysOf(identity.keyRing, key, rig.services.vault).map((secret) => secret.reveal())
  assert.deepEqual(kept, issued.slice(0, 3))
  rig.emulator.setSettings({ sessionKeyMinRefreshSeconds: 1_000_000 })
  await rig.logIn('alice')
  assert.equal((await rig.store.findIdentity(key))?.version, identity.version)
})

test('[F12][R09][F82] each refusal of WeChat becomes one code with its class', async (t) => {
  const expected: [number, string][] = [
    [-1, 'wechat_unavailable'],
    [40029, 'code_invalid'],
    [40163, 'code_used'],
    [40226, 'login_blocked'],
    [50002, 'login_blocked'],
    [45011, 'wechat_quota'],
    [45009, 'wechat_quota'],
    [40013, 'wechat_misconfigured'],
    [40125, 'wechat_misconfigured'],
    [41002, 'wechat_misconfigured'],
    [41004, 'wechat_misconfigured'],
    [41008, 'wechat_misconfigured'],
    [40002, 'wechat_misconfigured'],
  ]
  const rig = await startRig(t)
  for (const [errcode, code] of expected) {
    rig.emulator.addFault({ path: WECHAT_PATH, times: 1, errcode })
    assert.equal(refusalOf(await rig.login(rig.request(rig.code('alice')))), code, `errcode ${errcode}`)
  }
  assert.equal((await rig.store.listUsers({ limit: 10 })).length, 0, 'no refusal made a user')
})

test('[R09] the operator reads one line with cause and cure for a wrong secret, not one per login', async (t) => {
  const rig = await startRig(t)
  rig.emulator.addFault({ path: WECHAT_PATH, errcode: 40125 })
  for (let count = 0; count < 20; count += 1) await rig.login(rig.request(rig.code('alice')))
  const lines = rig.logLines.filter((line) => line.event === 'wechat_misconfigured')
  assert.equal(lines.length, 1)
  assert.match(String(lines[0]?.fields['advice']), /WECHAT_SECRET/)
})

test('[R10][T29] a WeChat that answers garbage makes no session', async (t) => {
  const rig = await startRig(t)
  const garbage = [
    '',
    '<html>',
    '{',
    '[]',
    'null',
    '{"openid":1}',
    '{"openid":"o","session_key":"short"}',
    '{"__proto__":{"openid":"o"}}',
    '"ok"',
    '{}',
  ]
  for (const body of garbage) {
    rig.emulator.addFault({ path: WECHAT_PATH, times: 1, body })
    assert.equal(refusalOf(await rig.login(rig.request(rig.code('alice')))), 'wechat_unavailable', body)
    rig.advance(10)
  }
  assert.equal((await rig.store.listUsers({ limit: 10 })).length, 0)
})

test('[R09] a WeChat that is down is asked at most once a second, and served again once it answers', async (t) => {
  const rig = await startRig(t)
  rig.emulator.addFault({ path: WECHAT_PATH, status: 503 })
  for (let count = 0; count < 50; count += 1) await rig.login(rig.request(rig.code('alice')))
  assert.equal(exchanges(rig), 5)
  rig.emulator.clearFaults()
  const held = await rig.login(rig.request(rig.code('alice')))
  assert.deepEqual(held, { ok: false, code: 'wechat_unavailable', retryAfterSeconds: 1 })
  rig.advance(1)
  assert.ok((await rig.logIn('alice')).ok)
})

test('[F11][R08] a lost answer is not asked for twice: the code may be spent', async (t) => {
  const rig = await startRig(t)
  rig.emulator.addFault({ path: WECHAT_PATH, times: 1, reset: true })
  assert.equal(refusalOf(await rig.login(rig.request(rig.code('alice')))), 'wechat_unavailable')
  assert.equal(exchanges(rig), 1)
})

test('[T09][R27] two processes on one store: the second finds the first one’s login by its code row', async (t) => {
  const store = createMemoryStore()
  const one = await startRig(t, { store })
  const request = one.request(one.code('alice'), { nonce: nonce() })
  const first = await one.login(request)
  const { createLogin } = await import('./login.ts')
  const secondProcess = createLogin(one.services)
  const again = await secondProcess(request)
  assert.deepEqual(again.ok && again.token, first.ok && first.token)
  assert.equal(exchanges(one), 1)
})

test('[R16][R27] a login that is found, and is not known to be safe, is not answered again', async (t) => {
  const confirm = () => Promise.reject(new StoreUnavailableError(new Error('no standby')))
  const rig = await startRig(t, { store: { ...createMemoryStore(), confirm } })
  const request = rig.request(rig.code('alice'), { nonce: nonce() })
  assert.ok((await rig.login(request)).ok)
  await assert.rejects(rig.login(request), StoreUnavailableError)
})

test('the development tools’ mock code logs the same user in again and again, with an emulator only', async (t) => {
  const rig = await startRig(t)
  rig.emulator.setSettings({ mockCodeUser: 'alice' })
  const request = rig.request('the code is a mock one')
  const [first, second] = [await rig.login(request), await rig.login(request)]
  assert.ok(first.ok && second.ok)
  assert.equal(second.user.id, first.user.id)
})

test('a banned user stays out, also with a new code', async (t) => {
  const rig = await startRig(t)
  const login = await rig.logIn('alice')
  await rig.store.setUserBan({ userId: login.user.id, bannedAtMs: rig.services.clock.nowMs(), events: [] })
  assert.equal(refusalOf(await rig.login(rig.request(rig.code('alice')))), 'banned')
  assert.deepEqual(await rig.authenticate(login.token), { ok: false, reason: 'banned' })
})

test('refused logins are sampled: a thousand of them leave a handful of lines', async (t) => {
  const rig = await startRig(t)
  for (let count = 0; count < 1000; count += 1)
    await rig.login(rig.request(`garbage${count}`, { appid: 'wx9999999999999999' }))
  assert.equal(rig.logLines.filter((line) => line.event === 'login.refused').length, 1)
})

function device(id: string) {
  return { id, brand: null, model: null, platform: null, label: null }
}

test('parallel logins with the mock code do not stand in each other’s way', async (t) => {
  const rig = await startRig(t)
  rig.emulator.setSettings({ mockCodeUser: 'alice' })
  const logins = Array.from({ length: 5 }, () => rig.login(rig.request('the code is a mock one')))
  assert.deepEqual((await Promise.all(logins)).map(refusalOf), ['ok', 'ok', 'ok', 'ok', 'ok'])
})

test('the history tells a first login in the order in which it happened', async (t) => {
  const rig = await startRig(t)
  const { user } = await rig.logIn('alice')
  assert.deepEqual(await eventTypes(rig, user.id), ['login.succeeded', 'identity.created', 'user.created'])
})
