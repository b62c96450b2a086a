import { accountInfoApi } from './account-info.ts'
import { appLifeApi } from './app-life.ts'
import { type Backstage, remoteBackstage } from './backstage.ts'
import { type ByteSource, platformBytes } from './byte-source.ts'
import { canIUse, tooNew } from './can-i-use.ts'
import { downloadApi } from './download.ts'
import { type FileMap, tempPath, userDataPath } from './files.ts'
import { createLimits, type LimitedApi } from './limits.ts'
import type { Dial } from './line.ts'
import { loginApi, SINGLE_PAGE_SCENE } from './login.ts'
import { networkTypeApi } from './network-type.ts'
import { createOrders, type Orders } from './orders.ts'
import type { EnvVersion, Phone } from './phone.ts'
import { type PhoneDetail, tapPhoneButton } from './phone-button.ts'
import { createRadio, type Radio } from './radio.ts'
import { randomValuesApi } from './random-values.ts'
import { requestApi } from './request.ts'
import type { ConnectOptions } from './sockets.ts'
import { type StorageMap, type StorageSwitches, storageApi } from './storage.ts'
import { systemTimer, type Timer } from './timer.ts'
import { uploadApi } from './upload.ts'
import { userInfoApi } from './user-info.ts'
import type { Wire } from './wire.ts'

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
  /** The phone's files by path, as `storage`. */
  files?: FileMap | undefined
  /** true: no API ever gives a Promise, as in old base libraries. */
  callbackOnly?: boolean | undefined
  /** Origins that may be called, sockets under `wss://…`. Default: any. */
  domains?: readonly string[] | undefined
  /** How response header names arrive. Default `title` (`Content-Type`). */
  headerCase?: 'lower' | 'title' | undefined
  /** `networkTimeout` of app.json for all four calls, milliseconds. Default 60 000. */
  networkTimeoutMs?: number | undefined
  /** Milliseconds; for the counters of the limited APIs. Default: the real time. */
  now?: (() => number) | undefined
  /** For time-outs and the background. Default: the real time. */
  timer?: Timer | undefined
  random?: ByteSource | undefined
  fetch?: typeof fetch | undefined
  /** Hears what WeChat would write to the operator about. */
  onWarning?: ((line: string) => void) | undefined
}

/** The hands of a test on the phone: `wx.phone`. No such member exists in WeChat. */
export interface PhoneControl {
  toBackground(): void
  toForeground(): void
  /**
   * WeChat throws the mini program out of memory: no callback comes any more, nothing is stored, nothing is sent.
   * What it had stored is in the map of `storage` for the next `createWx`.
   */
  kill(): void
  /** true: every call to a server fails, also those under way, and so does `wx.login`. */
  setOffline(offline: boolean): void
  /**
   * The user taps `<button open-type="getPhoneNumber">` and consents, or with `deny` does not: the event of
   * `bindgetphonenumber`. `failNext` and `loseNextAnswer` know it as `getPhoneNumber`.
   */
  tapPhoneButton(options?: { deny?: boolean | undefined }): Promise<{ detail: PhoneDetail }>
  /** One more page was shown. */
  pageView(): void
  storage: StorageSwitches
  /** The next call of this API fails so, once. */
  failNext(api: string, errMsg: string, errno?: number): void
  /**
   * The next call of this API does its work and loses its answer on the way back, once. For `request`,
   * `uploadFile`, `downloadFile`, `connectSocket`, `login`, `checkSession`, `getUserInfo`, `getUserProfile`.
   */
  loseNextAnswer(api: string): void
  /** By path: what `uploadFile` finds, and where `downloadFile` puts what came. */
  files: FileMap
  /** A file as a camera or `chooseAvatar` leaves it; answers its temporary path. */
  addTempFile(content: Uint8Array | string, extension?: string): string
  /** How often the limited APIs were called. */
  counts(): Record<LimitedApi, number>
  warnings(): string[]
  /** Requests, uploads and downloads under way and waiting. */
  requests(): { running: number; queued: number }
  /** Sockets that are open or about to be. */
  sockets(): number
}

function backstageOf(options: WxOptions, fetch_: typeof fetch): Backstage {
  if (options.emulator) return options.emulator
  if (options.emulatorUrl !== undefined) return remoteBackstage(options.emulatorUrl, fetch_)
  throw new TypeError('createWx knows no emulator; give emulator or emulatorUrl')
}

function makePhone(options: WxOptions, orders: Orders): Phone {
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
    promises: options.callbackOnly !== true,
    orders,
    state: { suspended: false, offline: false, killed: false },
  }
}

/** Single page mode does not share the mini program's storage. */
function storageMapOf(options: WxOptions): StorageMap {
  return options.scene === SINGLE_PAGE_SCENE ? new Map() : (options.storage ?? new Map())
}

interface Hands {
  phone: Phone
  radio: Radio
  files: FileMap
  life: ReturnType<typeof appLifeApi>['control']
  storage: StorageSwitches
}

function makeControl({ phone, radio, files, life, storage }: Hands): PhoneControl {
  return {
    ...life,
    kill: radio.kill,
    setOffline: radio.setOffline,
    tapPhoneButton: (options) => tapPhoneButton(phone, options),
    pageView: () => phone.limits.pageView(),
    storage,
    files,
    addTempFile(content, extension = '') {
      const path = tempPath(phone, extension)
      files.set(path, content)
      return path
    },
    failNext: phone.orders.failNext,
    loseNextAnswer: phone.orders.loseNextAnswer,
    counts: () => phone.limits.counts(),
    warnings: () => phone.limits.warnings(),
    requests: () => ({ running: radio.network.running(), queued: radio.network.queued() }),
    sockets: () => radio.sockets.count(),
  }
}

function networkApi(wire: Wire, radio: Radio, files: FileMap) {
  return {
    ...requestApi(wire, radio.network),
    ...uploadApi(wire, radio.network, files),
    ...downloadApi(wire, radio.network, files),
    ...networkTypeApi(wire.phone, radio),
    connectSocket: (options: ConnectOptions) => radio.sockets.connectSocket(options),
    env: { USER_DATA_PATH: userDataPath(wire.phone) },
  }
}

function assemble(options: WxOptions, dial: Dial) {
  const phone = makePhone(options, createOrders())
  const wire = { phone, domains: options.domains, headerCase: options.headerCase ?? 'title', dial }
  const radio = createRadio(wire, options.networkTimeoutMs ?? 60_000)
  const files = options.files ?? new Map()
  const life = appLifeApi(phone, radio)
  const storage = storageApi(phone, storageMapOf(options))
  const wx = {
    ...loginApi(phone),
    ...storage.api,
    ...life.api,
    ...accountInfoApi(phone),
    ...randomValuesApi(phone, options.random ?? platformBytes),
    ...userInfoApi(phone),
    ...networkApi(wire, radio, files),
    canIUse: (schema: string): boolean => canIUse(phone, members, schema),
    phone: makeControl({ phone, radio, files, life: life.control, storage: storage.switches }),
  }
  const members = new Set(Object.keys(wx))
  return { wx, phone }
}

/** The `wx` object of a mini program. */
export type Wx = ReturnType<typeof assemble>['wx']

/**
 * A `wx` object on whatever platform there is: Node or a browser.
 *
 * @throws {TypeError} where neither `emulator` nor `emulatorUrl` is given
 */
export function assembleWx(options: WxOptions, dial: Dial): Wx {
  const { wx, phone } = assemble(options, dial)
  for (const name of tooNew(phone)) Reflect.deleteProperty(wx, name)
  return wx
}
