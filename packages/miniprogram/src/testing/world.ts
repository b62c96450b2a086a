import type { TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { createWx, type Emulator, startEmulator, type Wx, type WxOptions } from '@yaopai/wechat-emulator'
import { createMemoryStore, createYaopai as createServer, newMasterKey, type Yaopai as Server } from 'yaopai'
import { createYaopai } from '../index.ts'
import type { Yaopai, YaopaiOptions } from '../types.ts'

export const APPID = 'wxa1b2c3d4e5f60718'
export const API = 'https://api.example.com'
const SECRET = '0123456789abcdef0123456789abcdef'
const AUTH_PATH = /^\/(login|session|me)(\/|$)/

export interface Sent {
  readonly method: string
  readonly url: string
  readonly path: string
  readonly token: string | null
}

/** What happens to a request on its way; nothing answered: it goes on. */
export type Meddle = (request: Request, pass: (request: Request) => Promise<Response>) => Promise<Response>

/** Client, phone, server and WeChat in one process, with no socket between the first three. */
export interface World {
  readonly emulator: Emulator
  readonly server: Server
  /** All that reached the back end, in order. */
  readonly sent: Sent[]
  /** Stands between phone and server until it is taken away. */
  meddle: Meddle | null
  /** The server's clock. */
  advance(seconds: number): void
  phone(options?: Partial<WxOptions>): Wx
  client(wx: Wx, options?: Partial<YaopaiOptions>): Yaopai
  count(method: string, path: string): number
}

export async function startWorld(t: TestContext): Promise<World> {
  let nowMs = Date.UTC(2026, 10, 27)
  const clock = { nowMs: () => nowMs }
  const emulator = await startEmulator({ clock })
  emulator.putApp(APPID, { secret: SECRET })
  emulator.setSettings({ minuteQuotaPerUser: 0 })
  const server = await createServer({
    apps: [{ appid: APPID, secret: SECRET }],
    masterKey: newMasterKey('k1'),
    store: createMemoryStore({ clock }),
    clock,
    wechatApiBase: emulator.url,
    insecureEmulator: true,
  })
  t.after(async () => {
    await server.close()
    await emulator.close()
  })
  const sent: Sent[] = []
  const world: World = {
    emulator,
    server,
    sent,
    meddle: null,
    advance: (seconds) => {
      nowMs += seconds * 1000
    },
    phone: (options) =>
      createWx({
        emulator,
        appid: APPID,
        user: 'alice',
        fetch: fetchOf(world),
        onWarning: () => {},
        ...options,
      }),
    client: (wx, options) => createYaopai({ baseUrl: API, platform: wx, ...options }),
    count: (method, path) => sent.filter((one) => one.method === method && one.path === path).length,
  }
  return world
}

function fetchOf(world: World): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const meddle = world.meddle ?? ((one, pass) => pass(one))
    return meddle(request, (one) => answer(world, one))
  }
}

async function answer(world: World, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const token = request.headers.get('authorization')?.replace(/^Bearer /, '') ?? null
  world.sent.push({ method: request.method, url: request.url, path: pathname, token })
  if (AUTH_PATH.test(pathname)) return world.server.handler(request)
  const verdict = await world.server.verify(token)
  if (verdict.ok) return Response.json({ user: verdict.user.id, path: pathname })
  const headers = { 'www-authenticate': verdict.wwwAuthenticate, 'content-type': 'application/problem+json' }
  return new Response(JSON.stringify(verdict.problem), { status: verdict.problem.status, headers })
}

/** Lets everything run that waits for nothing but its turn. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setImmediate()
}
