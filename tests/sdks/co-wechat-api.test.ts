import assert from 'node:assert/strict'
import { Agent, type AgentOptions } from 'node:https'
import { createRequire } from 'node:module'
import { type TestContext, test } from 'node:test'
import { DEMO_APP, type Emulator, startEmulator } from '@yaopai/wechat-emulator'
import { makeCertificate } from '../../packages/emulator/src/test-support/certificate.ts'

// co-wechat-api: https://api.weixin.qq.com is written into it. So it reaches the emulator as a program does whose hosts
// file leads that name to this machine and which trusts the authority of the test.

const { appid, secret } = DEMO_APP
const alice = { appid, user: 'alice' }
const WECHAT = 'api.weixin.qq.com'

interface PhoneAnswer {
  phone_info: { purePhoneNumber: string; watermark: { appid: string } }
}

/** What the tests use of the SDK, which brings no types. */
interface Sdk {
  code2Session(code: string): Promise<{ openid: string; session_key: string; unionid?: string }>
  ensureAccessToken(): Promise<{ accessToken: string }>
  getUserPhoneNumber(code: string): Promise<PhoneAnswer>
  setOpts(options: { agent: Agent; timeout?: number }): void
  request(url: string, options: object): Promise<PhoneAnswer>
  readonly wxaPrefix: string
}
interface SdkClass {
  new (appid: string, secret: string): Sdk
  mixin(methods: object): void
}

const WeChatApi: SdkClass = createRequire(import.meta.url)('co-wechat-api')

// It knows no phone numbers; this is its own way to learn a further call.
WeChatApi.mixin({
  async getUserPhoneNumber(this: Sdk, code: string) {
    const { accessToken } = await this.ensureAccessToken()
    return this.request(`${this.wxaPrefix}business/getuserphonenumber?access_token=${accessToken}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      data: JSON.stringify({ code }),
    })
  },
})

/** The line of a hosts file, and the port that a hosts file cannot give. Certificate and name are checked as ever. */
class HostsAgent extends Agent {
  readonly #port: number

  constructor(port: number, options: AgentOptions) {
    super(options)
    this.#port = port
  }

  override createConnection(...[options, done]: Parameters<Agent['createConnection']>) {
    return super.createConnection(
      { ...options, host: '127.0.0.1', port: this.#port, servername: WECHAT },
      done,
    )
  }
}

async function start(t: TestContext, { trusted = true } = {}): Promise<{ emulator: Emulator; sdk: Sdk }> {
  const tls = makeCertificate(WECHAT)
  const emulator = await startEmulator({ demo: true, tls })
  const port = Number(new URL(emulator.url).port)
  const agent = new HostsAgent(port, trusted ? { ca: tls.cert } : {})
  t.after(async () => {
    agent.destroy()
    await emulator.close()
  })
  const sdk = new WeChatApi(appid, secret)
  sdk.setOpts({ agent })
  return { emulator, sdk }
}

const pathsOf = (emulator: Emulator) => emulator.calls().map(({ path }) => path)
const failsWith = (code: number, message: RegExp) => ({ name: 'WeChatAPIError', code, message })

test('[F86] co-wechat-api, its host fixed, logs in over TLS; the call log has seen it', async (t) => {
  const { emulator, sdk } = await start(t)
  const { openid, session_key, unionid } = await sdk.code2Session(emulator.login(alice).code)
  assert.equal(openid, emulator.openidOf(appid, 'alice'))
  assert.equal(session_key, emulator.sessionKeyOf(alice))
  assert.equal(unionid, emulator.unionidOf('default', 'alice'))
  const [call] = emulator.calls()
  assert.deepEqual([call?.path, call?.query['secret'], call?.openid], ['/sns/jscode2session', '***', openid])
})

test('[F86] co-wechat-api does not take the emulator for WeChat where it does not trust its certificate', async (t) => {
  const { emulator, sdk } = await start(t, { trusted: false })
  await assert.rejects(sdk.code2Session(emulator.login(alice).code), /self-signed certificate/)
  assert.deepEqual(emulator.calls(), [])
})

test('[F86] co-wechat-api tells a wrong, a used and an expired code in its own error, with the errcode', async (t) => {
  const { emulator, sdk } = await start(t)
  await assert.rejects(sdk.code2Session('nobody made this'), failsWith(40029, /^invalid code, rid: /))
  const { code } = emulator.login(alice)
  await sdk.code2Session(code)
  await assert.rejects(sdk.code2Session(code), failsWith(40163, /^code been used, rid: /))
  const old = emulator.login(alice).code
  emulator.advanceClock(300)
  await assert.rejects(sdk.code2Session(old), failsWith(40029, /^invalid code/))
})

test('[F86] co-wechat-api gets an access_token once and phone numbers with it', async (t) => {
  const { emulator, sdk } = await start(t)
  emulator.login(alice)
  for (const _ of [1, 2]) {
    const { phone_info } = await sdk.getUserPhoneNumber(emulator.phoneCode(alice).code)
    assert.equal(phone_info.purePhoneNumber, '13800000001')
    assert.equal(phone_info.watermark.appid, appid)
  }
  await assert.rejects(sdk.getUserPhoneNumber('used'), failsWith(40029, /^invalid code hint: /))
  const phone = '/wxa/business/getuserphonenumber'
  assert.deepEqual(pathsOf(emulator), ['/cgi-bin/token', phone, phone, phone])
})

for (const [what, spoil, errcode] of [
  ['expired on the virtual clock', (emulator: Emulator) => emulator.advanceClock(7200), 42001],
  ['was replaced by another server', replaceToken, 40001],
] as const) {
  test(`[F86] co-wechat-api fetches a new token and goes on where its own ${what}`, async (t) => {
    const { emulator, sdk } = await start(t)
    await sdk.ensureAccessToken()
    await spoil(emulator)
    emulator.login(alice)
    const { phone_info } = await sdk.getUserPhoneNumber(emulator.phoneCode(alice).code)
    assert.equal(phone_info.purePhoneNumber, '13800000001')
    const tail = emulator.calls().slice(-3)
    assert.deepEqual(
      tail.map(({ path, errcode: seen }) => [path, seen]),
      [
        ['/wxa/business/getuserphonenumber', errcode],
        ['/cgi-bin/token', undefined],
        ['/wxa/business/getuserphonenumber', undefined],
      ],
    )
  })
}

/** As a second server does that fetches a token of its own; five minutes later the first one's is dead. */
async function replaceToken(emulator: Emulator): Promise<void> {
  const query = `grant_type=client_credential&appid=${appid}&secret=${secret}`
  const other = new WeChatApi(appid, secret)
  const agent = new HostsAgent(Number(new URL(emulator.url).port), { rejectUnauthorized: false })
  other.setOpts({ agent })
  await other.request(`https://${WECHAT}/cgi-bin/token?${query}`, {})
  agent.destroy()
  emulator.advanceClock(300)
}

test('[F86][F82] co-wechat-api under faults: busy, quota, a proxy page, garbage, a reset, silence', async (t) => {
  const { emulator, sdk } = await start(t)
  const path = '/sns/jscode2session'
  const { code } = emulator.login(alice)
  emulator.addFault({ path, times: 1, errcode: -1 })
  await assert.rejects(sdk.code2Session(code), failsWith(-1, /^system error$/))
  emulator.addFault({ path, times: 1, errcode: 45011 })
  await assert.rejects(sdk.code2Session(code), failsWith(45011, /mustslower/))
  emulator.addFault({ path, times: 1, status: 502 })
  await assert.rejects(sdk.code2Session(code), { name: 'WeChatAPIError', message: /status code: 502/ })
  emulator.addFault({ path, times: 1, reset: true })
  await assert.rejects(sdk.code2Session(code), /socket hang up|ECONNRESET/)
  emulator.addFault({ path, times: 1, delayMs: 60_000 })
  await assert.rejects(sdk.request(`https://${WECHAT}${path}`, { timeout: 50 }), /Timeout/)
  assert.equal(
    (await sdk.code2Session(code)).openid,
    emulator.openidOf(appid, 'alice'),
    'the code is unspent',
  )
})

test('what the emulator shows of co-wechat-api 3.11: text that is no JSON passes for a login', async (t) => {
  const { emulator, sdk } = await start(t)
  emulator.addFault({ path: '/sns/jscode2session', times: 1, body: '<html>' })
  assert.equal(await sdk.code2Session(emulator.login(alice).code), '<html>')
})

test('what the emulator shows of co-wechat-api 3.11: a 40001 of the token path itself makes it ask again and again', async (t) => {
  const { emulator, sdk } = await start(t)
  emulator.addFault({ path: '/cgi-bin/token', times: 20, errcode: 40001 })
  assert.ok(await sdk.ensureAccessToken())
  assert.equal(emulator.calls().length, 41, 'its limit of three retries does not hold here')
})
