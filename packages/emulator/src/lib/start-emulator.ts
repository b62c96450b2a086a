import { setMaxListeners } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Clock, systemClock } from './clock.ts'
import { serveControl } from './control/serve.ts'
import { type ListenOptions, listen, stop, type TlsFiles, urlOf } from './http/listen.ts'
import { parseTarget } from './http/target.ts'
import type { Machine } from './machine.ts'
import type { MiniProgram } from './miniprogram/open.ts'
import { serveMiniProgram } from './miniprogram/serve.ts'
import { createOperations, type Operations } from './operations.ts'
import { servePages } from './pages/serve.ts'
import { seededRandom, systemRandom } from './random.ts'
import { withDemo } from './state/demo.ts'
import { type EmulatorState, importState } from './state/saved-state.ts'
import type { Settings, SettingsPatch } from './state/settings.ts'
import { type App, DEFAULT_ID_SEED, type User } from './state/world.ts'
import { type CallRecord, createCallLog } from './wechat/call-log.ts'
import { createFaultList, type FaultInput } from './wechat/faults.ts'
import type { CheckSessionResult, LoginOk, OnDevice } from './wechat/login.ts'
import type { OpenData, OpenDataInput } from './wechat/open-data.ts'
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
  return {
    world: importState({ ...state, seed }, seed),
    clock: options.clock ?? systemClock,
    random: options.randomSeed === undefined ? systemRandom : seededRandom(options.randomSeed),
    faults: createFaultList(),
    calls: createCallLog(),
    log: options.log ?? (() => {}),
  }
}

interface Parts {
  machine: Machine
  operations: Operations
  program: Promise<MiniProgram> | undefined
  closing: AbortSignal
}

function route({ machine, operations, program, closing }: Parts) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const target = parseTarget(req.url ?? '/')
    const date = new Date(operations.nowMs())
    if (servePages(req, res, target.path, date)) return
    if (await serveMiniProgram(program, req, res, target.path, date)) return
    if (/^\/_emulator(?:\/|$)/.test(target.path)) return serveControl(operations, req, res, target.path)
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
 * @throws {EmulatorError} `port_taken` and other wiring faults, `invalid_input` for a state that does not fit
 */
export async function startEmulator(options: StartOptions = {}): Promise<Emulator> {
  const machine = createMachine(options)
  const operations = createOperations(machine)
  const closing = new AbortController()
  setMaxListeners(0, closing.signal) // one for each delayed answer
  const address: ListenOptions = {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    tls: options.tls,
  }
  const { miniprogram } = options
  const program = miniprogram === undefined ? undefined : openProgram(miniprogram, machine.log)
  const parts = { machine, operations, program, closing: closing.signal }
  const server = await listen(address, guarded(machine, route(parts)))
  const close = async () => {
    closing.abort()
    ;(await program)?.close()
    await stop(server)
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
