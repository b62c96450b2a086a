import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { startEmulator } from '@yaopai/wechat-emulator'
import { createLogin } from '../login.ts'
import { Secret } from '../secret.ts'
import { makeLocalLimit } from '../tier/limit.ts'
import { createUndiciTransport } from '../wechat/undici-transport.ts'
import { APPID, appConfig, type Desk, openDesk } from './testing/desk.ts'

const SECRET = 'a'.repeat(32)
const FLOOD = 10_000
const USERS = 200

async function openFloodedDesk(t: TestContext, exchangeLimitPerApp: number) {
  const emulator = await startEmulator()
  emulator.putApp(APPID, { secret: SECRET, openPlatform: 'group' })
  const wechat = createUndiciTransport({ baseUrl: emulator.url })
  t.after(async () => {
    await wechat.close()
    await emulator.close()
  })
  const apps = [appConfig({ secret: new Secret(SECRET) })]
  const { services, codes } = openDesk({ wechat, apps })
  const login = createLogin(services, makeLocalLimit('wx', exchangeLimitPerApp, 60))
  const desk = openDesk({ wechat, apps, deps: { services, login } })
  const codeOf = (user: string) => emulator.login({ appid: APPID, user }).code
  return { desk, exchanges: codes, codeOf }
}

/** Sixteen at a time, each from the address that `ipOf` gives. */
async function flood(desk: Desk, count: number, ipOf: (n: number) => string): Promise<number[]> {
  const statuses: number[] = []
  let next = 0
  const attack = async () => {
    while (next < count) {
      const n = next
      next += 1
      const headers = { 'x-forwarded-for': `198.51.${n % 256}.${(n >> 8) % 256}` }
      // Over sockets others get their turn between two requests.
      await nextTurn()
      const sent = { method: 'POST', ip: ipOf(n), headers, json: { code: `made-up-${n}` } }
      statuses.push((await desk.publicly('/login', sent)).status)
    }
  }
  await Promise.all(Array.from({ length: 16 }, attack))
  return statuses
}

test('[T28] 10 000 made-up codes with forged addresses hardly reach WeChat, and users log in all the while', async (t) => {
  const { desk, exchanges, codeOf } = await openFloodedDesk(t, 1_000)
  const refused: string[] = []
  const visit = async () => {
    for (let n = 0; n < USERS; n += 1) {
      const sent = { method: 'POST', ip: `192.0.2.${n}`, json: { code: codeOf(`user${n}`) } }
      const answer = await desk.publicly('/login', sent)
      if (answer.status !== 200) refused.push(await answer.text())
    }
  }
  const [statuses] = await Promise.all([flood(desk, FLOOD, () => '203.0.113.9'), visit()])
  assert.deepEqual(refused, [])
  assert.ok(exchanges.length <= USERS + 60 + 16, `${exchanges.length} exchanges`)
  assert.ok(statuses.filter((status) => status === 429).length >= FLOOD - 60 - 16)
})

test('[T28] an app asks WeChat no more often than its budget, wherever codes come from', async (t) => {
  const { desk, exchanges } = await openFloodedDesk(t, 100)
  const statuses = await flood(desk, 500, (n) => `10.${n >> 8}.${n % 256}.1`)
  assert.equal(exchanges.length, 100)
  assert.equal(statuses.filter((status) => status === 503).length, 400)
  const answer = await desk.publicly('/login', { method: 'POST', json: { code: 'made-up' } })
  const { code } = Object(await answer.json())
  assert.equal(code, 'wechat_quota')
  assert.ok(Number(answer.headers.get('retry-after')) >= 1)
})
