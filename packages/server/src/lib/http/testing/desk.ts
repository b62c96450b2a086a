import assert from 'node:assert/strict'
import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import type * as z from 'zod'
import { createAccessTokens } from '../../access-token.ts'
import { createAssertions } from '../../assertions.ts'
import { createAuthenticate, createAuthenticateNow } from '../../authenticate.ts'
import { createOffsetClock } from '../../clock.ts'
import type { AppConfig, BackendConfig, Scope } from '../../config.ts'
import { createLogin } from '../../login.ts'
import { type Random, systemRandom } from '../../random.ts'
import { Secret } from '../../secret.ts'
import type { Services } from '../../services.ts'
import { DEFAULT_POLICY } from '../../session/lifetime.ts'
import { formatToken, hashToken } from '../../session/token.ts'
import { createMemoryStore } from '../../store/memory/memory-store.ts'
import type { Store } from '../../store/store.ts'
import { createStoreLeases } from '../../store-lease.ts'
import type { Fields, Level } from '../../telemetry.ts'
import { makeLocalLimit } from '../../tier/limit.ts'
import { createUseOpenData } from '../../use-open-data.ts'
import { createVault } from '../../vault.ts'
import type { WechatAnswer, WechatRequest } from '../../wechat/transport.ts'
import { loginShape } from '../answer-schemas.ts'
import type { DoorHandler, HttpDeps, HttpHandler } from '../deps.ts'
import { createInternalHandler, createPublicHandler } from '../handlers.ts'

export const APPID = 'wxa1b2c3d4e5f60718'
export const OTHER_APPID = 'wx0000000000000001'
export const START_MS = 1_800_000_000_000
export const SESSION_KEY = Buffer.alloc(16, 7)

const MASTER_KEYS = [{ kid: 'k1', key: new Secret(Buffer.alloc(32, 1).toString('base64')) }]

export interface LogLine {
  readonly level: Level
  readonly event: string
  readonly fields: Fields
}

export interface DeskOptions {
  /** Default: true. */
  insecureEmulator?: boolean
  /** With `/_dev`, whose clock is ahead of the desk's. Default: false. */
  readonly isDev?: boolean
  readonly apps?: readonly AppConfig[]
  readonly deps?: Partial<HttpDeps>
  readonly store?: (store: Store) => Store
  readonly wechat?: (request: WechatRequest) => Promise<WechatAnswer>
  readonly random?: Random
}

export interface Desk {
  readonly deps: HttpDeps
  readonly services: Services
  readonly clock: { nowMs(): number; advanceSeconds(seconds: number): void }
  readonly lines: LogLine[]
  readonly publicHandler: DoorHandler
  readonly internalHandler: DoorHandler
  /** Codes that reached WeChat. */
  readonly codes: string[]
  readonly apiKeys: Readonly<Record<'orders' | 'gate' | 'hub', string>>
  publicly(path: string, init?: CallInit): Promise<Response>
  internally(path: string, init?: CallInit): Promise<Response>
  /** Logs in; `who` is alice in the code `alice-1`. */
  login(code: string, more?: object): Promise<z.infer<typeof loginShape>>
}

export interface CallInit {
  readonly method?: string
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Goes out as JSON. */
  readonly json?: unknown
  readonly body?: string | Uint8Array<ArrayBuffer>
  readonly ip?: string | null
}

export function appConfig(more: Partial<AppConfig> = {}): AppConfig {
  return {
    appid: APPID,
    secret: new Secret('app-secret-for-tests'),
    openPlatform: 'default',
    classicLogin: false,
    frozen: false,
    policy: DEFAULT_POLICY,
    ...more,
  }
}

/** Both listeners over a store in memory and a WeChat that knows every code: no socket anywhere. */
export function openDesk(options: DeskOptions = {}): Desk {
  let nowMs = START_MS
  const advanceSeconds = (seconds: number) => {
    nowMs += seconds * 1000
  }
  const clock = { nowMs: () => nowMs, advanceSeconds }
  const devClock = options.isDev === true ? createOffsetClock(clock) : null
  const lines: LogLine[] = []
  const codes: string[] = []
  const random = options.random ?? systemRandom
  const memory = createMemoryStore({ clock: devClock ?? clock })
  const services: Services = {
    apps: options.apps ?? [appConfig()],
    insecureEmulator: options.insecureEmulator ?? true,
    store: options.store?.(memory) ?? memory,
    vault: createVault(MASTER_KEYS, random),
    wechat: async (request) => {
      codes.push(request.query.get('js_code') ?? '')
      return (options.wechat ?? friendlyWechat)(request)
    },
    clock: devClock ?? clock,
    random,
    telemetry: {
      log: (level, event, fields = {}) => void lines.push({ level, event, fields }),
      count: () => undefined,
    },
  }
  const orders = makeBackend('orders', 1, ['introspect'])
  const gate = makeBackend('gate', 2, ['admin'])
  const hub = makeBackend('hub', 3, ['access-token'])
  const assertions = createAssertions(MASTER_KEYS, services.clock)
  const deps: HttpDeps = {
    services,
    login: createLogin(services),
    authenticate: createAuthenticate(services),
    authenticateNow: createAuthenticateNow(services),
    useOpenData: createUseOpenData(services),
    accessTokens: createAccessTokens(services, createStoreLeases(services)),
    assertions: () => assertions,
    basePath: '',
    trustProxy: [],
    loginLimitPerIp: 600,
    makeLimit: makeLocalLimit,
    backends: [orders.backend, gate.backend, hub.backend],
    metrics: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'yaopai_up 1\n' }),
    isDraining: () => false,
    devClock,
    ...options.deps,
  }
  const publicHandler = createPublicHandler(deps)
  const internalHandler = createInternalHandler(deps)
  const publicly = caller(publicHandler)
  return {
    deps,
    services,
    clock,
    lines,
    codes,
    publicHandler,
    internalHandler,
    apiKeys: { orders: orders.key, gate: gate.key, hub: hub.key },
    publicly,
    internally: caller(internalHandler),
    login: async (code, more = {}) => {
      const response = await publicly(`${deps.basePath}/login`, { method: 'POST', json: { code, ...more } })
      assert.equal(response.status, 200, await response.clone().text())
      return loginShape.parse(await response.json())
    },
  }
}

function caller(handler: HttpHandler): Desk['publicly'] {
  return (path, init = {}) => {
    const headers = new Headers(init.headers)
    if (init.token !== undefined) headers.set('authorization', `Bearer ${init.token}`)
    if (init.json !== undefined) headers.set('content-type', 'application/json')
    const body = init.json === undefined ? init.body : JSON.stringify(init.json)
    const request = new Request(`http://yaopai.test${path}`, {
      method: init.method ?? 'GET',
      headers,
      ...(body === undefined ? {} : { body }),
    })
    return handler(request, { ip: init.ip === undefined ? '203.0.113.7' : init.ip })
  }
}

function makeBackend(
  name: string,
  selector: number,
  scopes: Scope[],
): { key: string; backend: BackendConfig } {
  const key = formatToken('yk1_', selector, randomBytes(32))
  return { key, backend: { name, keyHash: hashToken(key), keySelector: selector, scopes, audience: null } }
}

/** What stands before the dash of a code is who it belongs to. */
export async function friendlyWechat({ path, query }: WechatRequest): Promise<WechatAnswer> {
  if (path === '/cgi-bin/stable_token') return answerOf({ access_token: '89_friendly', expires_in: 7_200 })
  const who = (query.get('js_code') ?? '').split('-')[0] ?? ''
  return answerOf({ openid: openidOf(who), session_key: SESSION_KEY.toString('base64') })
}

export function answerOf(body: object): WechatAnswer {
  return { kind: 'answer', status: 200, body: JSON.stringify(body) }
}

export function openidOf(who: string): string {
  return createHash('sha256').update(who).digest('base64url').slice(0, 28)
}

/** What `wx.getUserInfo` would hand to the page of that user. */
export function openDataOf(who: string, more: object = {}): { encryptedData: string; iv: string } {
  const iv = randomBytes(16)
  const plain = {
    openId: openidOf(who),
    nickName: 'Ali',
    avatarUrl: 'https://example.com/a.png',
    watermark: { timestamp: START_MS / 1000, appid: APPID },
    ...more,
  }
  const cipher = createCipheriv('aes-128-cbc', SESSION_KEY, iv)
  const encryptedData = Buffer.concat([cipher.update(JSON.stringify(plain), 'utf8'), cipher.final()])
  return { encryptedData: encryptedData.toString('base64'), iv: iv.toString('base64') }
}
