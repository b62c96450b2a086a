import { randomBytes } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { getRequestListener } from '@hono/node-server'
import { createWx, DEMO_APP, startEmulator, type Wx } from '@yaopai/wechat-emulator'
import express from 'express'
import { createMemoryStore, createYaopai, newMasterKey, type Yaopai } from 'yaopai'
import { loadUser, requireUser } from 'yaopai/express'
import { createMovedClock, type MovedClock } from '../../packages/server/src/testing/moved-clock.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** A back end with Yaopai behind one address, a phone, and somebody else's server. */
export interface Shop {
  readonly url: string
  readonly wx: Wx
  /** Another origin; `heard` has the Authorization of each request it got. */
  readonly stranger: { readonly url: string; readonly heard: (string | undefined)[] }
  /** Orders that were placed: how often a POST reached its handler. */
  placed(): number
  /** How often `/closed` was asked for: whatever token it gets, it wants another. */
  turnedAway(): number
  /** Logins that WeChat saw. */
  logins(): number
  /** The phone's `Date`: a clock of its own, which a minute passes on when one is let pass. */
  readonly Date: DateConstructor
  letAMinutePass(): void
  /** Every token there is reaches its absolute end, and a minute passes: a token's first seconds are another story. */
  letTokensExpire(): void
}

export async function openShop(t: Pick<TestContext, 'after'>): Promise<Shop> {
  const clock = createMovedClock(Date.now())
  const phoneClock = createMovedClock(Date.now())
  const emulator = await startEmulator()
  const secret = randomBytes(16).toString('hex')
  emulator.putApp(DEMO_APP.appid, { secret })
  const yaopai = await createYaopai({
    apps: [{ appid: DEMO_APP.appid, secret }],
    masterKey: newMasterKey('k1'),
    store: createMemoryStore({ clock }),
    clock,
    wechatApiBase: emulator.url,
    insecureEmulator: true,
  })
  const counts = { placed: 0, turnedAway: 0 }
  const heard: (string | undefined)[] = []
  const shop = await listen(shopApp(yaopai, counts))
  const stranger = await listen((request, response) => {
    heard.push(request.headers.authorization)
    response.end('{}')
  })
  t.after(async () => {
    for (const server of [shop, stranger]) await server.close()
    await yaopai.close()
    await emulator.close()
  })
  return {
    url: shop.url,
    wx: createWx({ emulator, appid: DEMO_APP.appid, user: 'alice' }),
    stranger: { url: stranger.url, heard },
    placed: () => counts.placed,
    turnedAway: () => counts.turnedAway,
    logins: () => emulator.calls().length,
    Date: dateOf(phoneClock),
    letAMinutePass: () => phoneClock.advance(MINUTE_MS),
    letTokensExpire: () => {
      clock.advance(31 * DAY_MS)
      phoneClock.advance(MINUTE_MS)
    },
  }
}

function dateOf({ nowMs }: MovedClock): DateConstructor {
  return new Proxy(Date, { get: (date, name) => (name === 'now' ? nowMs : Reflect.get(date, name)) })
}

function shopApp(yaopai: Yaopai, counts: { placed: number; turnedAway: number }): RequestListener {
  const app = express()
  app.get('/orders/:id', loadUser(yaopai), requireUser(), (request, response) => {
    response.json({ id: request.params['id'], of: request.yaopai?.user.id })
  })
  app.post('/orders', loadUser(yaopai), requireUser(), (_request, response) => {
    counts.placed += 1
    response.status(201).json({ placed: counts.placed })
  })
  app.get('/vault', (_request, response) => {
    response.status(401).json({ error: 'say the password' })
  })
  app.get('/closed', (_request, response) => {
    counts.turnedAway += 1
    const challenge = 'Bearer error="invalid_token", yaopai_code="expired", yaopai_class="relogin"'
    response.status(401).set('WWW-Authenticate', challenge).json({})
  })
  app.use(getRequestListener((request) => yaopai.handler(request)))
  return app
}

async function listen(listener: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
