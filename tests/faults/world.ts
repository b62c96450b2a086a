import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type History, openHistory } from '../histories/history.ts'
import type { ServeProcess, Spawning } from '../serve/support/processes.ts'
import { APPID, createRig, type Rig } from '../serve/support/rig.ts'
import { type Book, sqliteBook } from './book.ts'
import { createFaultClient, type FaultClient, type Session } from './client.ts'
import { type FaultProxy, startFaultProxy } from './proxy.ts'
import type { Round } from './scenario.ts'

/** A server behind a proxy of its own, and a client that asks it. */
export interface Node {
  readonly name: string
  readonly proxy: FaultProxy
  readonly client: FaultClient
  server(): ServeProcess
  /** Starts the server, or another one, and leads the clients to it. */
  start(more?: Starting): Promise<ServeProcess>
}

/**
 * Real servers behind proxies, WeChat's emulator, and clients who write down what they do. Where one server stands for
 * all, `proxy`, `client`, `server` and `start` are those of the first.
 */
export interface World extends Omit<Node, 'name'> {
  readonly nodes: readonly Node[]
  readonly rig: Rig
  readonly history: History
  readonly book: Book
  /** Every session that a client was given, in the order in which they came. */
  readonly sessions: Session[]
  /** The book's, where it is SQLite's. */
  readonly databaseFile: string
  /** Starts all servers. */
  startAll(more?: Starting): Promise<void>
  /** On a node of chance, unless one is named. */
  login(
    user?: string,
    options?: { readonly retries?: number; readonly retryPauseMs?: number; readonly node?: Node },
  ): Promise<Session | null>
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
  readonly retryPauseMs?: number
  readonly pauseMs?: number
}

export interface WorldOptions {
  readonly databaseFile?: string
  /** In place of a file of SQLite. */
  readonly book?: Book
  /** Of the servers. Default: one, called `a`. */
  readonly nodes?: readonly string[]
  /** Of all servers, at every start. */
  readonly env?: Record<string, string>
  readonly retryConnectMs?: number
  readonly policy?: Record<string, number>
}

const MANY = { maxSessions: 1000 }

export async function createWorld(round: Round, options: WorldOptions = {}): Promise<World> {
  const rig = await createRig({
    after: (work) => round.after(() => Reflect.apply(Object(work), undefined, [])),
  })
  await writeFile(join(rig.folder, 'yaopai.config.json'), JSON.stringify(appConfig(options.policy)))
  const databaseFile = options.databaseFile ?? join(rig.folder, 'yaopai.db')
  const parts = {
    round,
    rig,
    history: openHistory(),
    databaseFile,
    book: options.book ?? sqliteBook(databaseFile),
  }
  const nodes: Node[] = []
  for (const name of options.nodes ?? ['a']) nodes.push(await createNode(parts, name, options))
  return assemble(parts, nodes)
}

/** What the configuration file says of the app. */
export function appConfig(policy: Record<string, number> = {}): Record<string, unknown> {
  return { apps: [{ appid: APPID, secret: { env: 'WECHAT_SECRET' }, policy: { ...MANY, ...policy } }] }
}

interface Parts extends Pick<World, 'rig' | 'history' | 'databaseFile' | 'book'> {
  readonly round: Round
}

async function createNode(
  { round, rig, history, book }: Parts,
  name: string,
  { retryConnectMs, env: own }: WorldOptions,
): Promise<Node> {
  const proxy = await startFaultProxy(1, retryConnectMs === undefined ? {} : { retryConnectMs })
  round.after(() => proxy.close())
  const env = { DATABASE_URL: book.url, LOGIN_LIMIT_PER_IP: '1000000', ...own }
  let running: ServeProcess | null = null
  return {
    name,
    proxy,
    client: createFaultClient({ history, url: () => proxy.url, node: name }),
    server() {
      if (running === null) throw new Error('No server was started')
      return running
    },
    async start(more = {}) {
      running = await rig.serve({ ...env, ...more.env }, [], 'serve', more.spawning)
      proxy.aim(Number(new URL(running.publicUrl).port))
      return running
    },
  }
}

function assemble({ round, ...parts }: Parts, nodes: readonly Node[]): World {
  const [first] = nodes
  if (first === undefined) throw new Error('A world has at least one server')
  const sessions: Session[] = []
  const { proxy, client, server, start } = first
  const world: World = {
    ...parts,
    nodes,
    sessions,
    ...{ proxy, client, server, start },
    async startAll(more) {
      await Promise.all(nodes.map((node) => node.start(more)))
    },
    async login(user, { node = round.draw.pick(nodes), ...more } = {}) {
      const code = parts.rig.code(user ?? `user-${round.draw.whole(1, 100_000)}`)
      const session = await node.client.login(code, more)
      if (session !== null) sessions.push(session)
      return session
    },
    load: (load = {}) => startLoad(world, round, load),
  }
  return world
}

function startLoad(world: World, round: Round, options: LoadOptions): { readonly stop: () => Promise<void> } {
  let isStopped = false
  // A scenario that throws leaves no clients behind.
  round.after(() => {
    isStopped = true
  })
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
  const { logins = 35, logouts = 5, loginRetries = 0, retryPauseMs = 0 } = options
  const dice = draw.whole(0, 99)
  if (dice < logins || world.sessions.length === 0) {
    await world.login(undefined, { retries: loginRetries, retryPauseMs })
    return
  }
  const [session, { client }] = [draw.pick(world.sessions), draw.pick(world.nodes)]
  if (dice < logins + logouts && !session.isEnded) await client.revoke(session)
  else await client.validate(session)
}

export async function waitUntil(isSo: () => boolean, withinMs = 60_000): Promise<void> {
  const untilMs = performance.now() + withinMs
  while (!isSo() && performance.now() < untilMs) await sleep(10)
  if (!isSo()) throw new Error('What was waited for did not come')
}
