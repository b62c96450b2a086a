import { setMaxListeners } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Clock, systemClock } from './clock.ts'
import { serveControl } from './control/serve.ts'
import type { Conversation } from './conversation/arrow.ts'
import { createRecorder, type Page } from './conversation/recorder.ts'
import { serveConversation } from './conversation/serve.ts'
import { createDevRelay, type DevRelay } from './dev-relay/relay.ts'
import { isDevPath, serveDevRelay } from './dev-relay/serve.ts'
import { type ListenOptions, listen, stop, type TlsFiles, urlOf } from './http/listen.ts'
import { parseTarget } from './http/target.ts'
import { type Machine, nowMs } from './machine.ts'
import type { MiniProgram } from './miniprogram/open.ts'
import { serveMiniProgram } from './miniprogram/serve.ts'
import { createOperations, type Operations } from './operations.ts'
import { servePages } from './pages/serve.ts'
import { SEND_PATH } from './proxy/envelope.ts'
import { createProxy, type SendProxy } from './proxy/serve-send.ts'
import { seededRandom, systemRandom } from './random.ts'
import { withDemo } from './state/demo.ts'
import { type EmulatorState, importState } from './state/saved-state.ts'
import type { Settings, SettingsPatch } from './state/settings.ts'
import { type App, DEFAULT_ID_SEED, type User } from './state/world.ts'
import { createSurroundings, type Servers } from './surroundings.ts'
import { createTapServer, type TapServer } from './tap/serve-tap.ts'
import { type CallRecord, createCallLog } from './wechat/call-log.ts'
import { createFaultList, type FaultInput } from './wechat/faults.ts'
import type { CheckSessionResult, LoginOk, OnDevice } from './wechat/login.ts'
import { MOCK_CODE } from './wechat/mock-code.ts'
import type { OpenData, OpenDataInput } from './wechat/open-data.ts'
import type { PhoneCodeResult } from './wechat/phone-code.ts'
import { serveWechat } from './wechat/serve.ts'
import type { Pair } from './wechat/session-key.ts'

export interface StartOptions extends Servers {
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
  /** Folder of a mini program, or of its project: the phone in the browser runs it. It is watched, and need not be right. */
  miniprogram?: string | undefined
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
  /**
   * Names servers that start after the emulator, since they need its address: what is given takes the place of what it
   * started with. Throws `bad_dev_url`, `bad_backend`, `bad_tap`.
   */
  connect(servers: Servers): void
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
  devRelay: DevRelay
  program: Promise<MiniProgram> | undefined
  /** Aborted when the emulator closes. */
  closing: AbortSignal
}

function route(machine: Machine, { operations, proxy, taps, devRelay, program, closing }: Doors) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const target = parseTarget(req.url ?? '/')
    const date = new Date(operations.nowMs())
    if (target.path === SEND_PATH) return proxy.serve(req, res)
    if (target.path.startsWith('/_emulator/tap/')) return taps.serve(req, res)
    if (serveConversation(machine, req, res, target, closing)) return
    if (servePages(req, res, target.path, date)) return
    if (await serveMiniProgram(program, req, res, target.path, date)) return
    if (isDevPath(target.path)) return serveDevRelay(devRelay, req, res, target, operations.nowMs)
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

/** Its compiler is loaded only where there is a mini program, and begins at once: a phone will ask soon. */
async function openProgram(dir: string, log: (line: string) => void): Promise<MiniProgram> {
  const { openMiniProgram } = await import('./miniprogram/open.ts')
  const program = openMiniProgram(dir, { log })
  program.current().catch((error: unknown) => log(`mini program: ${error}`))
  return program
}

/**
 * Starts an emulator in this process.
 *
 * @throws {EmulatorError} `port_taken`, `bad_dev_url` and other wiring faults, `invalid_input` for a state that does not fit
 */
export async function startEmulator(options: StartOptions = {}): Promise<Emulator> {
  const machine = createMachine(options)
  const operations = createOperations(machine)
  const surroundings = createSurroundings(options)
  const devRelay = createDevRelay({ machine, url: surroundings.devUrl, openidOf: operations.openidOf })
  const closing = new AbortController()
  const { signal } = closing
  const proxy = createProxy({ machine, backends: surroundings.backends, closing: signal })
  const taps = createTapServer({ machine, taps: surroundings.taps, closing: signal })
  setMaxListeners(0, signal) // one for each delayed answer
  const address: ListenOptions = {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    tls: options.tls,
  }
  const { miniprogram } = options
  const program = miniprogram === undefined ? undefined : openProgram(miniprogram, machine.log)
  const doors = { operations, proxy, taps, devRelay, program, closing: signal }
  const server = await listen(address, guarded(machine, route(machine, doors)))
  const close = async () => {
    closing.abort()
    ;(await program)?.close()
    await Promise.all([proxy.close(), taps.close(), stop(server)])
  }
  return {
    ...operations,
    url: urlOf(server, address),
    connect: (servers) => surroundings.connect(servers),
    putUser: (id, user = {}) => operations.putUser(id, user),
    sessionKeyOf: (pair) => operations.sessionKeyOf(pair),
    close,
    [Symbol.asyncDispose]: close,
  }
}
