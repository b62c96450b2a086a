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
const START_MS = Date.UTC(2026, 10, 27)

export interface Sent {
  readonly method: string
  readonly url: string
  readonly path: string
  readonly token: string | null
  readonly body: string
}

type Pass = (request: Request) => Promise<Response>
/** What happens to a request on its way between phone and server. */
export type Meddle = (request: Request, pass: Pass) => Promise<Response>

/** Client, phone, server and WeChat in one process. Only the server's question to WeChat crosses a socket. */
export interface World {
  readonly emulator: Emulator
  readonly server: Server
  /** All that reached the back end, in order. */
  readonly sent: Sent[]
  /** Stands between phone and server, for as long as it is set. */
  meddle: Meddle | null
  phone(options?: Partial<WxOptions>): Wx
  client(wx: Wx, options?: Partial<YaopaiOptions>): Yaopai
  count(method: string, path: string): number
  /** Moves the clocks of phone, server and WeChat, and lets run what falls due. */
  pass(seconds: number): Promise<void>
  /** Waits until it has settled, moving time on where it waits for that. */
  settle<Result>(promise: Promise<Result>): Promise<PromiseSettledResult<Result>>
}

export async function startWorld(t: TestContext): Promise<World> {
  let nowMs = START_MS
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
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: START_MS })
  const pass = async (seconds: number) => {
    nowMs += seconds * 1000
    t.mock.timers.tick(seconds * 1000)
    await turns()
  }
  const world: World = {
    emulator,
    server,
    sent: [],
    meddle: null,
    pass,
    phone: (options) =>
      createWx({ emulator, appid: APPID, user: 'alice', fetch: fetchOf(world), ...options }),
    client: (wx, options) => createYaopai({ baseUrl: API, platform: wx, ...options }),
    count: (method, path) => world.sent.filter((one) => one.method === method && one.path === path).length,
    settle: (promise) => settle(pass, promise),
  }
  return world
}

function fetchOf(world: World): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    if (world.meddle === null) return answer(world, request)
    return world.meddle(request, (one) => answer(world, one))
  }
}

async function answer(world: World, request: Request): Promise<Response> {
  const { method, url, headers } = request
  const { pathname: path } = new URL(url)
  const token = headers.get('authorization')?.replace(/^Bearer /, '') ?? null
  world.sent.push({ method, url, path, token, body: await request.clone().text() })
  if (AUTH_PATH.test(path)) return world.server.handler(request)
  const verdict = await world.server.verify(token)
  if (verdict.ok) return Response.json({ user: verdict.user.id, path })
  return refusal(verdict.problem.status, verdict.wwwAuthenticate, verdict.problem)
}

/** A refusal of Yaopai's, as a back end hands it on. */
export function refusal(status: number, wwwAuthenticate: string, problem: unknown = ''): Response {
  const headers = { 'www-authenticate': wwwAuthenticate, 'content-type': 'application/problem+json' }
  return new Response(JSON.stringify(problem), { status, headers })
}

export const CHALLENGE = {
  expired: 'Bearer error="invalid_token", yaopai_code="expired", yaopai_class="relogin"',
  revoked: 'Bearer error="invalid_token", yaopai_code="revoked_by_admin", yaopai_class="signed_out"',
  banned: 'Bearer error="invalid_token", yaopai_code="banned", yaopai_class="denied"',
}

/** A door that is shut until it is opened. */
export function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open: () => open() }
}

/** Lets everything run that waits for nothing but its turn, sockets to the emulator included. */
export async function turns(count = 30): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setImmediate()
}

const LONGEST_SECONDS = 300

async function settle<Result>(
  pass: World['pass'],
  promise: Promise<Result>,
): Promise<PromiseSettledResult<Result>> {
  let outcome: PromiseSettledResult<Result> | undefined
  const settled = Promise.allSettled([promise]).then(([one]) => {
    outcome = one
  })
  for (let seconds = 0; outcome === undefined && seconds < LONGEST_SECONDS; seconds += 0.5) {
    await turns(100)
    if (outcome === undefined) await pass(0.5)
  }
  if (outcome === undefined) throw new Error(`Nothing came of it in ${LONGEST_SECONDS} s`)
  await settled
  return outcome
}
