import { perform } from './acts.ts'
import { type App, startApp } from './app.ts'
import type { CallRecord } from './calls.ts'
import { createModelServer, type ModelServer } from './model-server.ts'
import type { ModelSession } from './model-sessions.ts'
import { createNetwork } from './network.ts'
import { createOracle, type Oracle } from './oracle.ts'
import type { PhoneState } from './phone.ts'
import type { StartSdk } from './sdk.ts'
import { createStorage } from './storage.ts'
import type { Act, Story } from './story.ts'
import { createWorld, type World } from './world.ts'

/** One run of a story. */
export interface Stage {
  readonly story: Story
  readonly world: World
  readonly server: ModelServer
  readonly phone: PhoneState
  readonly oracle: Oracle
  readonly note: (text: () => string) => void
  skewMs: number
  /** All trouble is over. */
  isAtRest: boolean
  app: App
  /** Ends the app that runs and starts it anew, with what Storage holds. */
  restart(): void
}

export interface Outcome {
  /** The rule that was broken, and how; null: none. */
  readonly complaint: string | null
  /** What happened, line by line, where it was asked for. */
  readonly log: readonly string[]
  readonly events: number
  /** How often wx.login was called. */
  readonly logins: number
  /** What the app called, and what came of it. */
  readonly calls: readonly CallRecord[]
  readonly sessions: readonly ModelSession[]
}

const START_MS = Date.UTC(2026, 0, 1)

/** Plays a story from its first start to long after its last trouble, and judges every step of it. */
export function play(story: Story, startSdk: StartSdk, isLogged = false): Outcome {
  const log: string[] = []
  const framesBefore = Error.stackTraceLimit
  // Stories make many errors, and nobody reads where they come from.
  if (!isLogged) Error.stackTraceLimit = 0
  const stage = createStage(story, startSdk, isLogged ? log : null)
  try {
    for (const { waitMs, act } of story.steps) {
      stage.world.pass(waitMs)
      if (stage.oracle.complaint !== null) break
      perform(stage, act)
      settle(stage)
    }
    if (stage.oracle.complaint === null) bringToRest(stage)
  } catch (error) {
    stage.oracle.complain(`[2] ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  } finally {
    Error.stackTraceLimit = framesBefore
  }
  const { oracle, world, server } = stage
  return {
    complaint: oracle.complaint,
    log,
    events: world.ran(),
    logins: oracle.logins(),
    calls: oracle.calls,
    sessions: server.sessions.all(),
  }
}

/** After something happened: what the language itself does next, and what the oracle says to it. */
function settle({ app, oracle }: Stage): void {
  app.drain()
  oracle.observe(app)
}

function createStage(story: Story, startSdk: StartSdk, log: string[] | null): Stage {
  const world = createWorld(
    START_MS,
    () => settle(stage),
    () => oracle.complaint !== null,
  )
  const server = createModelServer(story, world.nowMs)
  const note = (text: () => string) => {
    if (log !== null) log.push(`${((world.nowMs() - START_MS) / 1000).toFixed(3)} s  ${text()}`)
  }
  const delayMs = delaysOf(story, () => stage.isAtRest)
  const storage = createStorage((key, value) => {
    if (/openid|session_?key/i.test(`${key} ${JSON.stringify(value)}`))
      oracle.complain(`[10] ${key} was written`)
  })
  const network = createNetwork({ world, server, delayMs, note })
  const phone: PhoneState = {
    storage,
    network,
    scene: story.scene,
    key: 0,
    isKeyGood: false,
    loginFailures: 0,
    loginSilences: 0,
    randoms: 0,
    requests: 0,
  }
  const openAsks = () =>
    oracle.calls.filter((call) => call.outcome === null && !call.life.dead && /login|penData/.test(call.what))
      .length
  const oracle: Oracle = createOracle({ world, server, storageState: () => storage.state, openAsks })
  const watch = watchOf(() => stage)
  const start = () => {
    const { mintCode } = server.sessions
    const app = startApp({
      world,
      story,
      state: phone,
      watch,
      mintCode,
      delayMs,
      startSdk,
      skewMs: () => stage.skewMs,
    })
    app.yaopai.onSignedOut(({ code }) => {
      note(() => `the app hears that it is signed out: ${code}`)
      if (!app.life.dead) oracle.onSignedOutHeard()
    })
    oracle.onStart(app)
    return app
  }
  leaveBehind(story, server, storage)
  const stage: Stage = {
    story,
    world,
    server,
    phone,
    oracle,
    note,
    skewMs: story.skewMs,
    isAtRest: false,
    app: undefined as unknown as App,
    restart() {
      stage.app.life.dead = true
      oracle.onKill()
      stage.app = start()
    },
  }
  stage.app = start()
  if (Math.max(0, ...story.delaysMs) > SLOW_MS || story.scene === 1154) oracle.onTrouble()
  return stage
}

function watchOf(stageOf: () => Stage) {
  return {
    onLoginBegun() {
      const { oracle, note } = stageOf()
      note(() => 'wx.login begins')
      oracle.onLoginBegun()
    },
    onLoginEnded: () => stageOf().oracle.onLoginEnded(),
    onSent: (_: unknown, sent: Parameters<Oracle['onSent']>[0]) => {
      const { oracle, note, server } = stageOf()
      note(
        () =>
          `sends ${sent.method} ${sent.url} ${sent.token === null ? '' : `with ${server.sessions.nameOf(sent.token)}`}`,
      )
      oracle.onSent(sent)
    },
    onAnswer: (
      _: unknown,
      sent: Parameters<Oracle['onSent']>[0],
      answer: Parameters<Oracle['onAnswer']>[1],
    ) => {
      const { oracle, note } = stageOf()
      note(
        () =>
          `hears ${answer.status} for ${sent.method} ${sent.url} ${answer.header['WWW-Authenticate'] ?? ''}`,
      )
      oracle.onAnswer(sent, answer)
    },
    onThrown: (where: string, error: unknown) =>
      stageOf().oracle.complain(`[2] ${where} threw ${String(error)}`),
  }
}

/** From here on the app's own time-outs, not the network's fault, would end a call. */
const SLOW_MS = 1000
const AT_REST_MS = 300

/** The delays of the story, one after the other, over and over. */
function delaysOf({ delaysMs }: Story, isAtRest: () => boolean): () => number {
  let at = 0
  return () => {
    if (delaysMs.length === 0) return 1
    const found = delaysMs[at % delaysMs.length] ?? 1
    at += 1
    return isAtRest() ? Math.min(found, AT_REST_MS) : found
  }
}

function leaveBehind({ leftover }: Story, server: ModelServer, storage: PhoneState['storage']): void {
  if (leftover === 'nothing') return
  const token = server.sessions.plant()
  if (leftover === 'classic-dead') server.sessions.forget()
  storage.seed('openid', leftover === 'garbage' ? { token } : token)
}

const MINUTE_MS = 60_000
const PROBE: Act = { do: 'request', times: 1, method: 'GET', place: 'path', style: 'promise' }

/** All trouble ends, time passes, and then everything must work. */
function bringToRest(stage: Stage): void {
  const { world, server, phone, oracle, note } = stage
  note(() => '— all trouble ends —')
  stage.isAtRest = true
  server.calm()
  phone.network.heal()
  phone.storage.become('well')
  Object.assign(phone, { loginFailures: 0, loginSilences: 0 })
  server.sessions.setBanned(false)
  perform(stage, { do: 'foreground' })
  settle(stage)
  world.pass(10 * MINUTE_MS)
  oracle.judgeCalls()
  if (phone.scene === 1154) {
    phone.scene = 1001
    stage.restart()
  }
  world.pass(120 * MINUTE_MS)
  // An end on purpose that nobody has heard of yet is heard of here.
  perform(stage, PROBE)
  settle(stage)
  world.pass(2 * MINUTE_MS)
  if (stage.app.yaopai.signedOut !== null) demand(stage, 'login')
  demand(stage, 'request')
  demand(stage, 'openData')
  oracle.judgeCalls()
  oracle.judgeSessions()
  const token = stage.app.yaopai.token()
  if (token === null || !server.sessions.wouldOpen(token)) oracle.complain('[9] no living token in the end')
}

/** What must succeed now, within a minute. */
function demand(stage: Stage, what: 'login' | 'request' | 'openData'): void {
  const { oracle, world } = stage
  if (oracle.complaint !== null) return
  const first = oracle.calls.length
  perform(stage, what === 'request' ? PROBE : { do: what })
  settle(stage)
  world.pass(2 * MINUTE_MS)
  const call = oracle.calls[first]
  if (call?.outcome === 'ok' && call.status < 400) return
  oracle.complain(`[9] ${what} failed after all trouble was over: ${call?.status} ${String(call?.error)}`)
}
