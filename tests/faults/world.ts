import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type History, openHistory } from '../histories/history.ts'
import type { ServeProcess, Spawning } from '../serve/support/processes.ts'
import { APPID, createRig, type Rig } from '../serve/support/rig.ts'
import { createFaultClient, type FaultClient, type Session } from './client.ts'
import { type FaultProxy, startFaultProxy } from './proxy.ts'
import type { Round } from './scenario.ts'

/** A real server behind a proxy, WeChat's emulator, and clients who write down what they do. */
export interface World {
  readonly rig: Rig
  readonly proxy: FaultProxy
  readonly history: History
  readonly client: FaultClient
  /** Every session that a client was given, in the order in which they came. */
  readonly sessions: Session[]
  readonly databaseFile: string
  server(): ServeProcess
  /** Starts the server, or another one, and leads the clients to it. */
  start(more?: Starting): Promise<ServeProcess>
  login(user?: string, options?: { readonly retries?: number }): Promise<Session | null>
  /** Clients that log in, ask and log out until it is stopped; resolves when the last answer is there. */
  load(options?: LoadOptions): { readonly stop: () => Promise<void> }
}

export interface Starting {
  readonly env?: Record<string, string>
  readonly spawning?: Spawning
}

export interface LoadOptions {
  readonly clients?: number
  /** Of a hundred turns: how many log in, and how many log out. The others ask who they are. */
  readonly logins?: number
  readonly logouts?: number
  readonly loginRetries?: number
  readonly pauseMs?: number
}

export interface WorldOptions {
  readonly databaseFile?: string
  readonly retryConnectMs?: number
  readonly policy?: Record<string, number>
}

const MANY = { maxSessions: 1000 }

export async function createWorld(round: Round, options: WorldOptions = {}): Promise<World> {
  const rig = await createRig({
    after: (work) => round.after(() => Reflect.apply(Object(work), undefined, [])),
  })
  const app = { appid: APPID, secret: { env: 'WECHAT_SECRET' }, policy: { ...MANY, ...options.policy } }
  await writeFile(join(rig.folder, 'yaopai.config.json'), JSON.stringify({ apps: [app] }))
  const { retryConnectMs } = options
  const proxy = await startFaultProxy(1, retryConnectMs === undefined ? {} : { retryConnectMs })
  round.after(() => proxy.close())
  const history = openHistory()
  const client = createFaultClient({ history, url: () => proxy.url })
  const databaseFile = options.databaseFile ?? join(rig.folder, 'yaopai.db')
  return assemble({ round, rig, proxy, history, client, databaseFile })
}

interface Parts extends Pick<World, 'rig' | 'proxy' | 'history' | 'client' | 'databaseFile'> {
  readonly round: Round
}

function assemble(parts: Parts): World {
  const { rig, proxy, client, databaseFile, round } = parts
  const sessions: Session[] = []
  let running: ServeProcess | null = null
  const env = { DATABASE_URL: `file:${databaseFile}`, LOGIN_LIMIT_PER_IP: '1000000' }
  const world: World = {
    ...parts,
    sessions,
    server() {
      if (running === null) throw new Error('No server was started')
      return running
    },
    async start(more = {}) {
      running = await rig.serve({ ...env, ...more.env }, [], 'serve', more.spawning)
      proxy.aim(Number(new URL(running.publicUrl).port))
      return running
    },
    async login(user, more) {
      const session = await client.login(rig.code(user ?? `user-${round.draw.whole(1, 100_000)}`), more)
      if (session !== null) sessions.push(session)
      return session
    },
    load: (load = {}) => startLoad(world, round, load),
  }
  return world
}

function startLoad(world: World, round: Round, options: LoadOptions): { readonly stop: () => Promise<void> } {
  let isStopped = false
  const clients = Array.from({ length: options.clients ?? 8 }, async () => {
    while (!isStopped) {
      await takeTurn(world, round, options)
      await sleep(options.pauseMs ?? 1)
    }
  })
  return {
    stop: async () => {
      isStopped = true
      await Promise.all(clients)
    },
  }
}

async function takeTurn(world: World, { draw }: Round, options: LoadOptions): Promise<void> {
  const { logins = 35, logouts = 5, loginRetries = 0 } = options
  const dice = draw.whole(0, 99)
  if (dice < logins || world.sessions.length === 0) {
    await world.login(undefined, { retries: loginRetries })
    return
  }
  const session = draw.pick(world.sessions)
  if (dice < logins + logouts && !session.isEnded) await world.client.revoke(session)
  else await world.client.validate(session)
}

export async function waitUntil(isSo: () => boolean, withinMs = 60_000): Promise<void> {
  const untilMs = performance.now() + withinMs
  while (!isSo() && performance.now() < untilMs) await sleep(10)
  if (!isSo()) throw new Error('What was waited for did not come')
}
