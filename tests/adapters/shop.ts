import { randomBytes } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { getRequestListener } from '@hono/node-server'
import { createWx, DEMO_APP, startEmulator, type Wx } from '@yaopai/wechat-emulator'
import express from 'express'
import { createMemoryStore, createYaopai, newMasterKey, type Yaopai } from 'yaopai'
import { loadUser, requireUser } from 'yaopai/express'
import { createMovedClock } from '../../packages/server/src/testing/moved-clock.ts'

const DAY_MS = 86_400_000

/** A back end with Yaopai behind one address, a phone, and somebody else's server. */
export interface Shop {
  readonly url: string
  readonly wx: Wx
  /** Another origin; `heard` has the Authorization of each request it got. */
  readonly stranger: { readonly url: string; readonly heard: (string | undefined)[] }
  /** Orders that were placed: how often a POST reached its handler. */
  placed(): number
  /** Logins that WeChat saw. */
  logins(): number
  /** Every token there is reaches its absolute end. */
  letTokensExpire(): void
}

export async function openShop(t: Pick<TestContext, 'after'>): Promise<Shop> {
  const clock = createMovedClock(Date.now())
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
  const orders = { placed: 0 }
  const heard: (string | undefined)[] = []
  const shop = await listen(shopApp(yaopai, orders))
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
    placed: () => orders.placed,
    logins: () => emulator.calls().length,
    letTokensExpire: () => clock.advance(31 * DAY_MS),
  }
}

function shopApp(yaopai: Yaopai, orders: { placed: number }): RequestListener {
  const app = express()
  app.get('/orders/:id', loadUser(yaopai), requireUser(), (request, response) => {
    response.json({ id: request.params['id'], of: request.yaopai?.user.id })
  })
  app.post('/orders', loadUser(yaopai), requireUser(), (_request, response) => {
    orders.placed += 1
    response.status(201).json({ placed: orders.placed })
  })
  app.get('/vault', (_request, response) => {
    response.status(401).json({ error: 'say the password' })
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
