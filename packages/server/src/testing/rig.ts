import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { type Emulator, startEmulator } from '@yaopai/wechat-emulator'
import { type Authenticate, createAuthenticate } from '../lib/authenticate.ts'
import type { AppConfig } from '../lib/config.ts'
import { createLogin, type Login, type LoginRequest, type LoginResult } from '../lib/login.ts'
import { systemRandom } from '../lib/random.ts'
import type { DeviceRecord, StoredSession } from '../lib/records.ts'
import { Secret } from '../lib/secret.ts'
import type { Origin, Services } from '../lib/services.ts'
import { DEFAULT_POLICY } from '../lib/session/lifetime.ts'
import { createMemoryStore } from '../lib/store/memory/memory-store.ts'
import type { Store } from '../lib/store/store.ts'
import type { Fields, Level, Telemetry } from '../lib/telemetry.ts'
import { createVault } from '../lib/vault.ts'
import { createUndiciTransport } from '../lib/wechat/undici-transport.ts'

export const SHOP = 'wxa1b2c3d4e5f60718'
export const CLINIC = 'wx00000000000000c1'
/** Of another 开放平台 account than the other two. */
export const STRANGER = 'wx00000000000000d2'
const SECRETS: Readonly<Record<string, string>> = {
  [SHOP]: 'a'.repeat(32),
  [CLINIC]: 'b'.repeat(32),
  [STRANGER]: 'c'.repeat(32),
}

export const ORIGIN: Origin = { requestId: 'req_test', ip: '203.0.113.7' }
export const NO_DEVICE: DeviceRecord = { id: null, brand: null, model: null, platform: null, label: null }

export interface LogLine {
  readonly level: Level
  readonly event: string
  readonly fields: Fields
}

/** The verbs over a real emulator and one clock that moves both of them. */
export interface Rig {
  readonly emulator: Emulator
  readonly services: Services
  readonly store: Store
  readonly login: Login
  readonly authenticate: Authenticate
  readonly logLines: LogLine[]
  advance(seconds: number): void
  /** `wx.login` of that user, then `POST /login`'s verb. */
  logIn(user: string, more?: Partial<LoginRequest>): Promise<Extract<LoginResult, { ok: true }>>
  request(code: string, more?: Partial<LoginRequest>): LoginRequest
  code(user: string, appid?: string): string
  /** The session behind a token that must be good. */
  caller(token: string): Promise<StoredSession>
}

interface RigOptions {
  readonly store?: Store
  readonly apps?: Partial<AppConfig>
}

export async function startRig(t: TestContext, options: RigOptions = {}): Promise<Rig> {
  const clock = movedClock()
  const emulator = await startEmulator({ clock })
  emulator.putApp(SHOP, { secret: secretOf(SHOP), openPlatform: 'group' })
  emulator.putApp(CLINIC, { secret: secretOf(CLINIC), openPlatform: 'group' })
  emulator.putApp(STRANGER, { secret: secretOf(STRANGER), openPlatform: 'others' })
  emulator.setSettings({ minuteQuotaPerUser: 0 })
  const wechat = createUndiciTransport({ baseUrl: emulator.url })
  const store = options.store ?? createMemoryStore({ clock })
  const logLines: LogLine[] = []
  const services: Services = {
    apps: [SHOP, CLINIC, STRANGER].map((appid) => ({ ...appConfig(appid), ...options.apps })),
    insecureEmulator: true,
    store,
    vault: createVault([{ kid: 'k1', key: new Secret(randomBytes(32).toString('base64')) }], systemRandom),
    wechat,
    clock,
    random: systemRandom,
    telemetry: recordingTelemetry(logLines),
  }
  t.after(async () => {
    await wechat.close()
    await emulator.close()
    await store.close()
  })
  return rigOf(services, emulator, logLines, clock.advance)
}

function rigOf(services: Services, emulator: Emulator, logLines: LogLine[], advance: Rig['advance']): Rig {
  const login = createLogin(services)
  const authenticate = createAuthenticate(services)
  const code = (user: string, appid = SHOP) => emulator.login({ appid, user }).code
  const request: Rig['request'] = (loginCode, more) => ({
    appid: SHOP,
    code: loginCode,
    nonce: null,
    device: NO_DEVICE,
    nickname: null,
    origin: ORIGIN,
    ...more,
  })
  return {
    emulator,
    services,
    store: services.store,
    login,
    authenticate,
    logLines,
    advance,
    code,
    request,
    async logIn(user, more) {
      const result = await login(request(code(user, more?.appid), more))
      if (!result.ok) throw new Error(`Login of ${user} was refused: ${result.code}`)
      return result
    },
    async caller(token) {
      const known = await authenticate(token)
      if (!known.ok) throw new Error(`The token was refused: ${known.reason}`)
      return known.session
    },
  }
}

export function movedClock(startMs = Date.UTC(2026, 10, 23)): {
  nowMs(): number
  advance(seconds: number): void
} {
  let nowMs = startMs
  return {
    nowMs: () => nowMs,
    advance(seconds) {
      nowMs += seconds * 1000
    },
  }
}

export function nonce(): string {
  return randomBytes(16).toString('base64url')
}

function secretOf(appid: string): string {
  const secret = SECRETS[appid]
  if (secret === undefined) throw new Error(`The rig has no app ${appid}`)
  return secret
}

function appConfig(appid: string): AppConfig {
  return {
    appid,
    secret: new Secret(secretOf(appid)),
    openPlatform: appid === STRANGER ? 'others' : 'group',
    classicLogin: false,
    frozen: false,
    policy: DEFAULT_POLICY,
  }
}

function recordingTelemetry(lines: LogLine[]): Telemetry {
  return {
    log: (level, event, fields = {}) => {
      lines.push({ level, event, fields })
    },
    count: () => undefined,
  }
}
