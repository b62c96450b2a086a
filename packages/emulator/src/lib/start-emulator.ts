import { setMaxListeners } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Clock, systemClock } from './clock.ts'
import { serveControl } from './control/serve.ts'
import type { Conversation } from './conversation/arrow.ts'
import { createRecorder, type Page } from './conversation/recorder.ts'
import { serveConversation } from './conversation/serve.ts'
import { type ListenOptions, listen, stop, type TlsFiles, urlOf } from './http/listen.ts'
import { parseTarget } from './http/target.ts'
import { type Machine, nowMs } from './machine.ts'
import { createOperations, type Operations } from './operations.ts'
import { servePages } from './pages/serve.ts'
import { type Backends, parseBackends } from './proxy/backends.ts'
import { SEND_PATH } from './proxy/envelope.ts'
import { createProxy, type SendProxy } from './proxy/serve-send.ts'
import { seededRandom, systemRandom } from './random.ts'
import { withDemo } from './state/demo.ts'
import { type EmulatorState, importState } from './state/saved-state.ts'
import type { Settings, SettingsPatch } from './state/settings.ts'
import { type App, DEFAULT_ID_SEED, type User } from './state/world.ts'
import { createTapServer, type TapServer } from './tap/serve-tap.ts'
import { parseTaps } from './tap/taps.ts'
import { type CallRecord, createCallLog } from './wechat/call-log.ts'
import { MOCK_CODE } from './wechat/code-to-session.ts'
import { createFaultList, type FaultInput } from './wechat/faults.ts'
import type { CheckSessionResult, LoginOk, OnDevice } from './wechat/login.ts'
import type { OpenData, OpenDataInput } from './wechat/open-data.ts'
import type { PhoneCodeResult } from './wechat/phone-code.ts'
import { serveWechat } from './wechat/serve.ts'
import type { Pair } from './wechat/session-key.ts'

export interface StartOptions {
  /** Default 0: a free one. */
  port?: number | undefined
  /** Default `127.0.0.1`. */
  host?: string | undefined
  /** What openids and unionids are derived from. Default: the state's, else `wechat-emulator`. */
  seed?: string | undefined
  /** Content of a state file. */
  state?: EmulatorState | undefined
  /** Default: the real time. What the clock is advanced by is added to it. */
  clock?: Clock | undefined
  /** Makes codes, session_keys, rids and ivs the same in every run. Default: none are. */
  randomSeed?: string | undefined
  /** Adds the app {@link DEMO_APP} and the users `alice` and `bob`. */
  demo?: boolean | undefined
  /** PEM texts: serve https. */
  tls?: TlsFiles | undefined
  /**
   * Where requests of mini programs go that pass through the emulator: a URL for all that are not to this machine, and pairs
   * such as `https://api.example.com=http://127.0.0.1:3000` for one origin each. Default: where they say.
   */
  backends?: readonly string[] | undefined
  /**
   * Doors before servers, `/_emulator/tap/{name}/…`: what back ends send through them is seen. Name → URL. A back end that
   * takes all has one called `backend`.
   */
  taps?: Readonly<Record<string, string>> | undefined
  /** Hears one line for each thing that looks like a mistake of the caller. Default: nobody does. */
  log?: ((line: string) => void) | undefined
}

/** A running emulator. Every method checks its input and throws {@link EmulatorError} where it does not fit. */
export interface Emulator {
  /** Such as `http://127.0.0.1:43251`. */
  readonly url: string
  putApp(appid: string, app: App): void
  putUser(id: string, user?: User): void
  /** What `wx.login` does. Throws `unknown_app`; makes an unknown user. */
  login(input: OnDevice): LoginOk
  /** What `wx.checkSession` does. */
  checkSession(input: OnDevice): CheckSessionResult
  /** What `wx.getUserInfo` hands to a page. Throws `no_session_key` where nobody logged in. */
  openData(input: OpenDataInput): OpenData
  /** What a tap on the phone button hands to a page. Throws `no_session_key` where nobody logged in. */
  phoneCode(input: OnDevice): PhoneCodeResult
  /** The user's number: the given one, or the one derived from the id. */
  phoneNumberOf(user: string): string
  rotateSessionKey(input: Pair): void
  expireSessionKey(input: Pair): void
  /** The living session_key, or null. */
  sessionKeyOf(input: Pair): string | null
  openidOf(appid: string, user: string): string
  unionidOf(openPlatform: string, user: string): string
  advanceClock(seconds: number): void
  nowMs(): number
  settings(): Settings
  /** Changes the given settings and returns all. */
  setSettings(patch: SettingsPatch): Settings
  addFault(fault: FaultInput): string | null
  clearFaults(): void
  /** What reached WeChat's paths, newest last. */
  calls(): CallRecord[]
  /** Who said what to whom, oldest first, secrets replaced by names. */
  conversation(page?: Page): Conversation
  clearConversation(): void
  /** Back to the state it started with; no faults, no calls. */
  reset(): void
  exportState(): EmulatorState
  importState(state: EmulatorState): void
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

function createMachine(options: StartOptions): Machine {
  const state = options.demo ? withDemo(options.state ?? {}) : (options.state ?? {})
  const seed = options.seed ?? state.seed ?? DEFAULT_ID_SEED
  const startedMs = performance.now()
  const machine: Machine = {
    world: importState({ ...state, seed }, seed),
    clock: options.clock ?? systemClock,
    random: options.randomSeed === undefined ? systemRandom : seededRandom(options.randomSeed),
    faults: createFaultList(),
    calls: createCallLog(),
    conversation: createRecorder({
      nowMs: () => nowMs(machine),
      elapsedMs: () => Math.round(performance.now() - startedMs),
      publicCodes: [MOCK_CODE],
    }),
    log: options.log ?? (() => {}),
  }
  return machine
}

/** What answers requests, beside the machine itself. */
interface Doors {
  operations: Operations
  proxy: SendProxy
  taps: TapServer
  /** Aborted when the emulator closes. */
  closing: AbortSignal
}

function route(machine: Machine, { operations, proxy, taps, closing }: Doors) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const target = parseTarget(req.url ?? '/')
    if (target.path === SEND_PATH) return proxy.serve(req, res)
    if (target.path.startsWith('/_emulator/tap/')) return taps.serve(req, res)
    if (serveConversation(machine, req, res, target, closing)) return
    if (servePages(req, res, target.path, new Date(operations.nowMs()))) return
    if (/^\/_emulator(?:\/|$)/.test(target.path)) return serveControl(operations, req, res, target)
    return serveWechat(machine, req, res, target, closing)
  }
}

function guarded(machine: Machine, handle: ReturnType<typeof route>) {
  return (req: IncomingMessage, res: ServerResponse): void => {
    handle(req, res).catch((error: unknown) => {
      // A caller who hung up, or our own closing, ends here too: neither has anyone left to tell.
      machine.log(
        `${req.method} ${req.url?.split('?')[0]} failed: ${error instanceof Error ? error.message : error}`,
      )
      res.destroy()
    })
  }
}

/** A back end has a tap of its own, for mini programs that run elsewhere. */
function withBackEnd({ rest }: Backends, taps: StartOptions['taps'] = {}): Record<string, string> {
  return rest ? { backend: rest.href, ...taps } : { ...taps }
}

/**
 * Starts an emulator in this process.
 *
 * @throws {EmulatorError} `port_taken` and other wiring faults, `invalid_input` for a state that does not fit
 */
export async function startEmulator(options: StartOptions = {}): Promise<Emulator> {
  const machine = createMachine(options)
  const operations = createOperations(machine)
  const closing = new AbortController()
  const { signal } = closing
  const backends = parseBackends(options.backends ?? [])
  const proxy = createProxy({ machine, backends, closing: signal })
  const taps = createTapServer({
    machine,
    taps: parseTaps(withBackEnd(backends, options.taps)),
    closing: signal,
  })
  setMaxListeners(0, signal) // one for each delayed answer
  const address: ListenOptions = {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    tls: options.tls,
  }
  const server = await listen(
    address,
    guarded(machine, route(machine, { operations, proxy, taps, closing: signal })),
  )
  const close = async () => {
    closing.abort()
    await Promise.all([proxy.close(), taps.close(), stop(server)])
  }
  return {
    ...operations,
    url: urlOf(server, address),
    putUser: (id, user = {}) => operations.putUser(id, user),
    sessionKeyOf: (pair) => operations.sessionKeyOf(pair),
    close,
    [Symbol.asyncDispose]: close,
  }
}
