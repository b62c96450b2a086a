import type { Network } from './network.ts'
import type { OwnPromiseConstructor } from './own-promise.ts'
import type { Storage } from './storage.ts'
import type { Story } from './story.ts'
import type { Answer, Sent } from './wire.ts'
import type { Life, World } from './world.ts'

/** Hears what the client does to the phone. */
export interface PhoneWatch {
  onLoginBegun(life: Life): void
  onLoginEnded(life: Life): void
  onSent(life: Life, sent: Sent): void
  onAnswer(life: Life, sent: Sent, answer: Answer): void
  onThrown(where: string, error: unknown): void
}

/** What outlives an app on the phone. */
export interface PhoneState {
  readonly storage: Storage
  readonly network: Network
  /** Number of WeChat's present session_key on this phone. */
  key: number
  isKeyGood: boolean
  loginFailures: number
  loginSilences: number
  randoms: number
  requests: number
  /** 1154: opened from Moments, where there is no login. */
  scene: number
}

export interface Running {
  readonly life: Life
  /** In the background for so long that no request gets out. */
  isCutOff: boolean
}

export interface PhoneParts {
  readonly world: World
  readonly story: Story
  readonly state: PhoneState
  readonly watch: PhoneWatch
  readonly mintCode: (key: number) => string
  readonly delayMs: () => number
  readonly OwnPromise: OwnPromiseConstructor
  readonly running: Running
}

interface Options {
  readonly success?: (result: unknown) => void
  readonly fail?: (failure: unknown) => void
  readonly complete?: (result: unknown) => void
  readonly timeout?: number
  readonly [more: string]: unknown
}

interface Ends {
  readonly success: (result: unknown) => void
  readonly fail: (failure: unknown) => void
}

/** `wx` of one app, from its start to its end. */
export function createPhone(parts: PhoneParts): Record<string, unknown> {
  const { story, state, world } = parts
  const wx: Record<string, unknown> = {
    login: (options: Options) => answering(parts, options, (ends) => login(parts, options, ends)),
    checkSession: (options: Options) =>
      answering(parts, options, (ends) => later(parts, () => checkSession(state, ends))),
    request: (options: Options) => sending(parts, 'request', options),
    uploadFile: (options: Options) => sending(parts, 'upload', options),
    downloadFile: (options: Options) => sending(parts, 'download', options),
    connectSocket: (options: Options) => connecting(parts, options),
    getStorageSync: (key: string) => state.storage.get(key),
    setStorageSync: (key: string, value: unknown) => state.storage.set(key, value),
    removeStorageSync: (key: string) => state.storage.remove(key),
    getAccountInfoSync: () => ({ miniProgram: { appId: 'wxa1b2c3d4e5f60718', envVersion: 'release' } }),
    getEnterOptionsSync: () => ({ scene: state.scene, query: { token: 'forged', openid: 'forged' } }),
    getDeviceInfo: () => ({ brand: 'Model', model: 'One', platform: 'android' }),
  }
  if (story.hasRandom) {
    wx['getRandomValues'] = (options: Options & { length: number }) =>
      answering(parts, options, (ends) =>
        world.after(
          1,
          () => ends.success({ randomValues: bytes(state, options.length) }),
          parts.running.life,
        ),
      )
  }
  return wx
}

/** Calls back, in the style of this platform, and hears what a callback throws. */
function endsOf({ watch }: PhoneParts, options: Options): Ends {
  const call = (name: 'success' | 'fail', value: unknown) => {
    try {
      options[name]?.(value)
      options.complete?.(value)
    } catch (error) {
      watch.onThrown(`the ${name} callback given to wx`, error)
    }
  }
  return { success: (result) => call('success', result), fail: (failure) => call('fail', failure) }
}

/** Taro gives a Promise beside the callbacks, which rejects; the others give what they give. */
function answering(parts: PhoneParts, options: Options, work: (ends: Ends) => unknown): unknown {
  const ends = endsOf(parts, options)
  if (parts.story.wx !== 'taro') {
    const task = work(ends)
    return parts.story.wx === 'bare' ? undefined : task
  }
  let task: unknown
  const promise = new parts.OwnPromise((resolve, reject) => {
    task = work({
      success: (result) => {
        ends.success(result)
        resolve(result)
      },
      fail: (failure) => {
        ends.fail(failure)
        reject(failure)
      },
    })
  })
  return Object.assign(promise, task)
}

function later({ world, delayMs, running }: PhoneParts, run: () => void): undefined {
  world.after(delayMs(), run, running.life)
  return undefined
}

function login(parts: PhoneParts, options: Options, ends: Ends): undefined {
  const { state, watch, story, world, running } = parts
  watch.onLoginBegun(running.life)
  let isOver = false
  const end = (tell: () => void) => {
    if (isOver) return
    isOver = true
    watch.onLoginEnded(running.life)
    tell()
  }
  const fail = (errMsg: string) => end(() => ends.fail({ errMsg, errno: 1 }))
  world.after(options.timeout ?? 60_000, () => fail('login:fail timeout'), running.life)
  if (state.loginSilences > 0) {
    state.loginSilences -= 1
    return undefined
  }
  return later(parts, () => {
    if (state.scene === 1154) return fail('login:fail not supported in single page mode')
    if (state.loginFailures > 0) {
      state.loginFailures -= 1
      return fail('login:fail -1 system error')
    }
    if (isOver) return
    if (story.rotatesKeys || !state.isKeyGood) state.key += 1
    state.isKeyGood = true
    end(() => ends.success({ errMsg: 'login:ok', code: parts.mintCode(state.key) }))
  })
}

function checkSession(state: PhoneState, ends: Ends): void {
  if (state.isKeyGood && state.key > 0) ends.success({ errMsg: 'checkSession:ok' })
  else ends.fail({ errMsg: 'checkSession:fail session time out, need relogin' })
}

function bytes(state: PhoneState, length: number): ArrayBuffer {
  const values = new Uint8Array(length)
  state.randoms += 1
  for (let index = 0; index < length; index += 1) values[index] = (state.randoms * 31 + index * 7) & 255
  values[0] = state.randoms & 255
  values[1] = state.randoms >> 8
  return values.buffer
}

function sending(parts: PhoneParts, kind: Sent['kind'], options: Options): unknown {
  return answering(parts, options, (ends) =>
    transfer(parts, kind, options, (answer) => ends.success(answer), ends.fail),
  )
}

function transfer(
  parts: PhoneParts,
  kind: Sent['kind'],
  options: Options,
  onAnswer: (result: Record<string, unknown>, answer: Answer) => void,
  onFail: (failure: unknown) => void,
): object {
  const { state, watch, running, story } = parts
  const sent = sentOf(parts, kind, options)
  watch.onSent(running.life, sent)
  const abort = state.network.send(sent, {
    life: running.life,
    timeoutMs: typeof options.timeout === 'number' ? options.timeout : 60_000,
    isAwake: () => !running.isCutOff,
    onFail: (errMsg) => parts.world.after(0, () => onFail({ errMsg, errno: 600_001 }), running.life),
    onAnswer: (answer) =>
      parts.world.after(
        0,
        () => {
          watch.onAnswer(running.life, sent, answer)
          onAnswer(resultOf(story, kind, answer), answer)
        },
        running.life,
      ),
  })
  return { abort, onProgressUpdate() {}, onHeadersReceived() {} }
}

function sentOf({ state }: PhoneParts, kind: Sent['kind'], options: Options): Sent {
  state.requests += 1
  const url = String(options['url'])
  const header = Object(options['header']) as Record<string, unknown>
  const bearer = /^Bearer (.+)$/.exec(String(header['Authorization'] ?? ''))
  const call = /[?&]call=(\d+)/.exec(url)?.[1]
  return {
    id: state.requests,
    kind,
    url,
    method: kind === 'upload' ? 'POST' : String(options['method'] ?? 'GET'),
    token: bearer?.[1] ?? null,
    data: options['data'],
    call: call === undefined ? null : Number(call),
    isWrapper: /[?&]wrapper/.test(url),
  }
}

function resultOf(story: Story, kind: Sent['kind'], answer: Answer): Record<string, unknown> {
  const header: Record<string, string> = {}
  for (const [name, value] of Object.entries(answer.header)) header[cased(story, name)] = value
  const common = { statusCode: answer.status, header, errMsg: `${kind}:ok` }
  if (kind === 'download') return { ...common, tempFilePath: 'wxfile://tmp_1' }
  return { ...common, data: kind === 'upload' ? answer.body : parsed(answer.body) }
}

function cased({ headerCase }: Story, name: string): string {
  if (headerCase === 'usual') return name
  const lower = name.toLowerCase()
  return headerCase === 'lower' ? lower : lower.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
}

/** As `wx.request` does it: JSON where it is JSON, else the text. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

/** The line, its keys and the upgrade take several ways there and back. */
const HANDSHAKE_MS = 20

/** A handshake that fails shows no status: `onError` and `onClose`, and that is all. */
function connecting(parts: PhoneParts, options: Options): unknown {
  const listeners: Record<string, ((event: unknown) => void)[]> = {}
  const tell = (name: string, event: unknown) => {
    for (const listener of listeners[name] ?? []) {
      try {
        listener(event)
      } catch (error) {
        parts.watch.onThrown(`a socket's ${name} listener`, error)
      }
    }
  }
  const listen = (name: string) => (listener: (event: unknown) => void) => {
    listeners[name] = [...(listeners[name] ?? []), listener]
  }
  const failed = () => {
    tell('error', { errMsg: 'connectSocket:fail' })
    tell('close', { code: 1006, reason: '' })
  }
  const soon = (run: () => void) => parts.world.after(1, run, parts.running.life)
  const shake = (run: () => void) => parts.world.after(HANDSHAKE_MS, run, parts.running.life)
  transfer(
    parts,
    'connect',
    options,
    (_, answer) => shake(() => (answer.status === 200 ? tell('open', { header: {} }) : failed())),
    () => shake(failed),
  )
  const task = {
    send() {},
    close: () => tell('close', { code: 1000, reason: '' }),
    onOpen: listen('open'),
    onClose: listen('close'),
    onError: listen('error'),
    onMessage: listen('message'),
  }
  if (parts.story.wx === 'taro') {
    return answering(parts, options, (ends) => soon(() => ends.success(task)))
  }
  soon(() => options.success?.({ errMsg: 'connectSocket:ok' }))
  return task
}
