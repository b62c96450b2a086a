import { type Random, systemRandom } from '../random.ts'
import { accountInfoApi } from './account-info.ts'
import { appLifeApi } from './app-life.ts'
import { type Backstage, remoteBackstage } from './backstage.ts'
import type { Outcome, WxResult } from './callbacks.ts'
import { canIUse, tooNew } from './can-i-use.ts'
import { createLimits, type LimitedApi } from './limits.ts'
import { loginApi, SINGLE_PAGE_SCENE } from './login.ts'
import type { EnvVersion, Phone } from './phone.ts'
import { randomValuesApi } from './random-values.ts'
import { createRequester } from './request.ts'
import type { RequestOptions } from './request-plan.ts'
import { type StorageMap, type StorageSwitches, storageApi } from './storage.ts'
import { systemTimer, type Timer } from './timer.ts'
import { userInfoApi } from './user-info.ts'

export interface WxOptions {
  /** An emulator in this process … */
  emulator?: Backstage | undefined
  /** … or the address of one that runs elsewhere on this machine. */
  emulatorUrl?: string | undefined
  /** Empty: a DevTools project without an appid, whose code is a mock one. */
  appid: string
  user: string
  /** Default `phone`. Another name is another device of the same user. */
  device?: string | undefined
  /** Default `develop`. */
  envVersion?: EnvVersion | undefined
  /** Of the release; empty unless `envVersion` is `release`. Default `1.0.0`. */
  version?: string | undefined
  /** true: DevTools. */
  devtools?: boolean | undefined
  /** How the mini program was opened. Default 1001; 1154 is 单页模式, where login fails. */
  scene?: number | undefined
  path?: string | undefined
  query?: Record<string, string> | undefined
  /** Default `3.15.2`. Members that came later are missing. */
  baseLibrary?: string | undefined
  /** Default: a new one. Hand on the same map to play a restart. */
  storage?: StorageMap | undefined
  /** Origins that `wx.request` may call. Default: any. */
  domains?: readonly string[] | undefined
  /** How response header names arrive. Default `title` (`Content-Type`). */
  headerCase?: 'lower' | 'title' | undefined
  /** `networkTimeout.request` of app.json, milliseconds. Default 60 000. */
  networkTimeoutMs?: number | undefined
  /** Milliseconds; for the counters of the limited APIs. Default: the real time. */
  now?: (() => number) | undefined
  /** For time-outs and the background. Default: the real time. */
  timer?: Timer | undefined
  random?: Random | undefined
  fetch?: typeof fetch | undefined
  /** Hears what WeChat would write to the operator about. */
  onWarning?: ((line: string) => void) | undefined
}

/** The hands of a test on the phone: `wx.phone`. No such member exists in WeChat. */
export interface PhoneControl {
  toBackground(): void
  toForeground(): void
  /** One more page was shown. */
  pageView(): void
  storage: StorageSwitches
  /** The next call of this API fails so, once. */
  failNext(api: string, errMsg: string, errno?: number): void
  /** How often the limited APIs were called. */
  counts(): Record<LimitedApi, number>
  warnings(): string[]
  /** Requests under way and waiting. */
  requests(): { running: number; queued: number }
}

function backstageOf(options: WxOptions, fetch_: typeof fetch): Backstage {
  if (options.emulator) return options.emulator
  if (options.emulatorUrl !== undefined) return remoteBackstage(options.emulatorUrl, fetch_)
  throw new TypeError('createWx knows no emulator; give emulator or emulatorUrl')
}

function failureQueue() {
  const ordered: { api: string; errMsg: string; errno: number | undefined }[] = []
  return {
    failNext(api: string, errMsg: string, errno?: number) {
      ordered.push({ api, errMsg, errno })
    },
    takeFailure<R extends WxResult>(api: string): Outcome<R> | undefined {
      const index = ordered.findIndex((one) => one.api === api)
      const [next] = index < 0 ? [] : ordered.splice(index, 1)
      if (!next) return undefined
      const { errMsg, errno } = next
      return { ok: false, failure: errno === undefined ? { errMsg } : { errMsg, errno } }
    },
  }
}

function makePhone(options: WxOptions, takeFailure: Phone['takeFailure']): Phone {
  const fetch_ = options.fetch ?? fetch
  const { appid, user, device = 'phone', envVersion = 'develop' } = options
  return {
    appid,
    who: { appid, user, device },
    envVersion,
    version: envVersion === 'release' ? (options.version ?? '1.0.0') : '',
    devtools: options.devtools ?? false,
    scene: options.scene ?? 1001,
    path: options.path ?? 'pages/index/index',
    query: options.query ?? {},
    baseLibrary: options.baseLibrary ?? '3.15.2',
    backstage: backstageOf(options, fetch_),
    limits: createLimits({ now: options.now ?? Date.now, warn: options.onWarning ?? (() => {}) }),
    timer: options.timer ?? systemTimer,
    fetch: fetch_,
    takeFailure,
  }
}

function makeRequester(options: WxOptions, phone: Phone) {
  return createRequester({
    phone,
    domains: options.domains,
    headerCase: options.headerCase ?? 'title',
    defaultTimeoutMs: options.networkTimeoutMs ?? 60_000,
  })
}

/** Single page mode does not share the mini program's storage. */
function storageMapOf(options: WxOptions): StorageMap {
  return options.scene === SINGLE_PAGE_SCENE ? new Map() : (options.storage ?? new Map())
}

function assemble(options: WxOptions) {
  const failures = failureQueue()
  const phone = makePhone(options, failures.takeFailure)
  const requester = makeRequester(options, phone)
  const life = appLifeApi(phone, requester)
  const storage = storageApi(storageMapOf(options))
  const control: PhoneControl = {
    ...life.control,
    pageView: () => phone.limits.pageView(),
    storage: storage.switches,
    failNext: failures.failNext,
    counts: () => phone.limits.counts(),
    warnings: () => phone.limits.warnings(),
    requests: () => ({ running: requester.running(), queued: requester.queued() }),
  }
  const wx = {
    ...loginApi(phone),
    ...storage.api,
    ...life.api,
    ...accountInfoApi(phone),
    ...randomValuesApi(options.random ?? systemRandom),
    ...userInfoApi(phone),
    request: (request: RequestOptions) => requester.request(request),
    canIUse: (schema: string): boolean => canIUse(phone, members, schema),
    phone: control,
  }
  const members = new Set(Object.keys(wx))
  return { wx, phone }
}

/** The `wx` object of a mini program, for tests in Node. */
export type Wx = ReturnType<typeof assemble>['wx']

/**
 * A `wx` object that logs in at an emulator and sends real requests.
 *
 * @throws {TypeError} where neither `emulator` nor `emulatorUrl` is given
 */
export function createWx(options: WxOptions): Wx {
  const { wx, phone } = assemble(options)
  for (const name of tooNew(phone)) Reflect.deleteProperty(wx, name)
  return wx
}
