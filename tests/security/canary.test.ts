import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createWx, type Emulator, startEmulator } from '@yaopai/wechat-emulator'
import { newApiKey, newMasterKey, type RunningYaopai, startYaopai } from 'yaopai'
import { type Canary, leaksIn } from './canaries.ts'

const APPID = 'wxa1b2c3d4e5f60718'
const APP_SECRET = 'c4f1a6e09b7d4d2f8a35e61b90cc7d12'
const FAILURES = [
  { errcode: -1 },
  { errcode: 40029 },
  { errcode: 40163 },
  { errcode: 40226 },
  { errcode: 45011 },
  { errcode: 45009 },
  { errcode: 40013 },
  { errcode: 40125 },
  { status: 502 },
  { body: '<html>proxy</html>' },
  { body: '{"openid":' },
  { reset: true },
] as const

interface World {
  readonly yaopai: RunningYaopai
  readonly emulator: Emulator
  readonly folder: string
  readonly apiKey: string
  /** Values that may stand nowhere. */
  readonly secrets: Canary[]
  /** Every byte that left the server, but for the bodies of logins, which hold the token by design. */
  readonly seen: Buffer[]
  readonly tokens: string[]
}

async function startWorld(t: TestContext): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'yaopai-canary-'))
  const emulator = await startEmulator()
  emulator.putApp(APPID, { secret: APP_SECRET, openPlatform: 'group' })
  emulator.setSettings({ sessionKeyMinRefreshSeconds: 0, minuteQuotaPerUser: 0 })
  const seen: Buffer[] = []
  const masterKey = newMasterKey('k1')
  const apiKey = newApiKey()
  const yaopai = await startYaopai({
    apps: [{ appid: APPID, secret: APP_SECRET, classicLogin: true }],
    backends: [{ name: 'shop', key: apiKey, scopes: ['introspect'] }],
    masterKey,
    databaseUrl: `file:${join(folder, 'yaopai.db')}`,
    wechatApiBase: emulator.url,
    insecureEmulator: true,
    loginLimitPerIp: 100_000,
    port: 0,
    internalPort: 0,
    log: (level, event, fields) => seen.push(Buffer.from(JSON.stringify({ level, event, ...fields }))),
  })
  t.after(async () => {
    await yaopai.close()
    await emulator.close()
    await rm(folder, { recursive: true, force: true })
  })
  const secrets = [
    { name: 'AppSecret', value: APP_SECRET },
    { name: 'API key', value: apiKey },
    { name: 'master key', value: masterKey.slice(masterKey.indexOf(':') + 1) },
  ]
  return { yaopai, emulator, folder, apiKey, secrets, seen, tokens: [] }
}

async function call(world: World, url: string, init: RequestInit = {}): Promise<Buffer> {
  const response = await fetch(url, init)
  const body = Buffer.from(await response.arrayBuffer())
  const head = JSON.stringify([response.status, ...response.headers])
  const isLogin = new URL(url).pathname === '/login' && response.status === 200
  world.seen.push(Buffer.from(head), ...(isLogin ? [] : [body]))
  return body
}

async function logIn(world: World, user: string): Promise<string> {
  const { code } = world.emulator.login({ appid: APPID, user })
  const init = { method: 'POST', headers: { 'content-type': 'application/json' } }
  const body = await call(world, `${world.yaopai.publicUrl}/login`, {
    ...init,
    body: JSON.stringify({ code }),
  })
  const key = world.emulator.sessionKeyOf({ appid: APPID, user })
  if (key !== null) world.secrets.push({ name: `session_key ${world.secrets.length}`, value: key })
  const answer: { token?: string } = JSON.parse(body.toString())
  if (answer.token !== undefined) world.tokens.push(answer.token)
  return answer.token ?? ''
}

/** Everything that a user, a back end and a gateway do, and much of what they should not. */
async function liveAWhile(world: World): Promise<void> {
  const { publicUrl, internalUrl } = world.yaopai
  for (const user of ['alice', 'bob', 'alice']) {
    const bearer = { authorization: `Bearer ${await logIn(world, user)}` }
    const json = { ...bearer, 'content-type': 'application/json' }
    for (const path of ['/session', '/me', '/me/sessions', '/me/events', '/me/export', '/nothing']) {
      await call(world, publicUrl + path, { headers: bearer })
    }
    const sample = world.emulator.openData({ appid: APPID, user })
    const encrypted = JSON.stringify({ encryptedData: sample.encryptedData, iv: sample.iv })
    const signed = JSON.stringify({ rawData: sample.rawData, signature: sample.signature })
    for (const body of [encrypted, encrypted, signed, '{"iv":1}', '{']) {
      await call(world, `${publicUrl}/me/open-data`, { method: 'POST', headers: json, body })
    }
    await call(world, `${internalUrl}/forward-auth`, { headers: bearer })
    await askBackendRoutes(world, world.tokens.at(-1) ?? '')
  }
  await call(world, `${publicUrl}/me`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${world.tokens.at(-1)}` },
  })
  await failAtWechat(world)
}

async function askBackendRoutes(world: World, token: string): Promise<void> {
  const { internalUrl } = world.yaopai
  const key = { authorization: `Bearer ${world.apiKey}` }
  const json = { ...key, 'content-type': 'application/json' }
  const form = { ...key, 'content-type': 'application/x-www-form-urlencoded' }
  await call(world, `${internalUrl}/verify`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ token }),
  })
  await call(world, `${internalUrl}/introspect`, {
    method: 'POST',
    headers: form,
    body: new URLSearchParams({ token }).toString(),
  })
  await call(world, `${internalUrl}/introspect`, {
    method: 'POST',
    headers: { ...form, authorization: 'Bearer wrong' },
    body: 'token=x',
  })
  await call(world, `${internalUrl}/metrics`)
}

async function failAtWechat(world: World): Promise<void> {
  for (const failure of FAILURES) {
    world.emulator.addFault({ path: '/sns/jscode2session', times: 1, ...failure })
    await logIn(world, 'carol')
  }
  await call(world, `${world.yaopai.publicUrl}/login?code=unknown&userInfo=x`)
}

test('[T01][T02][F7] no session_key, AppSecret or other key leaves the server in any form, whatever happens', async (t) => {
  const world = await startWorld(t)
  await liveAWhile(world)
  assert.ok(world.secrets.length >= 6, 'there were keys to leak')
  assert.ok(world.seen.length > 60, 'there was much to look through')
  assert.deepEqual(leaksIn(Buffer.concat(world.seen), world.secrets), [])
})

test('[T31][F5][F6] the files of the store hold no key and no token, and what they hold of a token opens nothing', async (t) => {
  const world = await startWorld(t)
  await liveAWhile(world)
  const files = await Promise.all(
    (await readdir(world.folder)).map((name) => readFile(join(world.folder, name))),
  )
  const tokens = world.tokens.map((value, at) => ({ name: `token ${at}`, value }))
  assert.ok(
    files.some((file) => file.length > 50_000),
    'there was a book to look through',
  )
  assert.deepEqual(leaksIn(Buffer.concat(files), [...world.secrets, ...tokens]), [])
})

test('[T01] the search itself finds what is planted, in each of its forms', () => {
  const canary = { name: 'key', value: Buffer.from('0123456789abcdef').toString('base64') }
  const nested = (offset: number) => Buffer.from(`${'x'.repeat(offset)}${canary.value}yy`).toString('base64')
  for (const planted of [
    canary.value,
    encodeURIComponent(canary.value),
    '0123456789abcdef',
    nested(0),
    nested(1),
    nested(2),
  ]) {
    assert.notDeepEqual(leaksIn(Buffer.from(`before ${planted} after`), [canary]), [], planted)
  }
  assert.deepEqual(leaksIn(Buffer.from('nothing to see'), [canary]), [])
})

test('[T04] a client that names another identity in body, query or headers stays who its token says', async (t) => {
  const world = await startWorld(t)
  const [alice, bob] = [await logIn(world, 'alice'), await logIn(world, 'bob')]
  const openid = world.emulator.openidOf(APPID, 'bob')
  const headers = {
    authorization: `Bearer ${alice}`,
    'x-wx-openid': openid,
    openid,
    'x-yaopai-user': 'usr_0000000000000000',
  }
  const { publicUrl } = world.yaopai
  const me = JSON.parse((await call(world, `${publicUrl}/me`, { headers })).toString())
  const bobs = JSON.parse(
    (await call(world, `${publicUrl}/me`, { headers: { authorization: `Bearer ${bob}` } })).toString(),
  )
  assert.notEqual(me.user?.id ?? me.id, bobs.user?.id ?? bobs.id)
  for (const path of [`/me?openid=${openid}`, `/me?userId=usr_0000000000000000`, `/session?sub=${openid}`]) {
    const answer = JSON.parse((await call(world, publicUrl + path, { headers })).toString())
    assert.equal(answer.code, 'invalid_request', path)
  }
  for (const field of ['openid', 'userId', 'unionid', 'session_key']) {
    const init = {
      method: 'PATCH',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ [field]: openid }),
    }
    const answer = JSON.parse((await call(world, `${publicUrl}/me`, init)).toString())
    assert.deepEqual([answer.code, answer.field], ['invalid_request', field])
  }
})

test('[F84][F81] a team’s own login test needs no appid: its page’s wx logs in against emulator and server', async (t) => {
  const world = await startWorld(t)
  const wx = createWx({ emulator: world.emulator, appid: APPID, user: 'dave' })
  const { code } = await wx.login()
  const status = await new Promise((resolve, reject) => {
    wx.request({
      url: `${world.yaopai.publicUrl}/login`,
      method: 'POST',
      data: { code },
      success: (answer) => resolve(answer.statusCode),
      fail: reject,
    })
  })
  assert.equal(status, 200)
})
