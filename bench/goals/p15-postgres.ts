import process from 'node:process'
import { firstLogin, sampleSelector } from '../../packages/server/src/lib/store/contract/samples.ts'
import { connectPostgres } from '../../packages/server/src/lib/store/postgres/connections.ts'
import { DEFAULT_LIMITS } from '../../packages/server/src/lib/store/postgres/limits.ts'
import { openPostgresStore } from '../../packages/server/src/lib/store/postgres/postgres-store.ts'
import { findSession } from '../../packages/server/src/lib/store/postgres/sessions.ts'
import { startPostgres, type TestServer } from '../../tools/postgres-server.ts'
import { atLeast, type Bench, type Figure, fact, median } from '../lib/figure.ts'
import { cpuSeconds } from '../lib/process.ts'

const SESSIONS = 4_000
/** Requests that wait for an answer at one time. */
const CLIENTS = 256
const DATABASE = 'bench'

type Act = (n: number) => Promise<unknown>

interface Measured {
  readonly perSecond: number
  /** Of this process and the server together, for one act. */
  readonly cpuMicroseconds: number
}

/** P15: look-ups that share statements, beside the same store with a statement for each; and what logins cost. */
export async function measurePostgres(bench: Bench): Promise<Figure[]> {
  const server = await startPostgres({ isDurable: true })
  try {
    await server.ask('postgres', `CREATE DATABASE ${DATABASE}`)
    const store = await openPostgresStore({ pool: server.pool(DATABASE) })
    const plain = connectPostgres(server.pool(DATABASE), DEFAULT_LIMITS)
    await logIn((n) => store.recordLogin(firstLogin(n)), SESSIONS)
    await server.ask(DATABASE, 'VACUUM ANALYZE')
    const acts: Record<string, Act> = {
      'a statement for each look-up': (n) =>
        plain.lookUp((sql) => findSession(sql, sampleSelector(n % SESSIONS))),
      'look-ups that share statements': (n) => store.findSession(sampleSelector(n % SESSIONS)),
      login: (n) => store.recordLogin(firstLogin(SESSIONS + n)),
    }
    const figures = await measureInTurn(bench, server, acts)
    await Promise.all([store.close(), plain.close()])
    return figures
  } finally {
    await server.remove()
  }
}

async function measureInTurn(bench: Bench, server: TestServer, acts: Record<string, Act>): Promise<Figure[]> {
  const rounds = new Map<string, Measured[]>(Object.keys(acts).map((name) => [name, []]))
  const next = { n: 0 }
  for (let round = 1; round <= bench.rounds; round += 1) {
    for (const [name, act] of Object.entries(acts)) {
      const measured = await load(bench.seconds, server, () => act(next.n++))
      rounds.get(name)?.push(measured)
      bench.say(`round ${round}: ${name} ${told(measured)}`)
    }
  }
  return figuresOf(new Map([...rounds].map(([name, list]) => [name, middleOf(list)])))
}

async function load(seconds: number, server: TestServer, act: () => Promise<unknown>): Promise<Measured> {
  let acts = 0
  const startMs = performance.now()
  const ownBefore = process.cpuUsage()
  const serverBefore = cpuSeconds(server.pid())
  const client = async (): Promise<void> => {
    while (performance.now() - startMs < seconds * 1_000) {
      const found = await act()
      if (found === null || found === 'conflict')
        throw new Error('The bench was answered otherwise than it must be')
      acts += 1
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  const { user, system } = process.cpuUsage(ownBefore)
  const serverMicroseconds = (cpuSeconds(server.pid()) - serverBefore) * 1e6
  return {
    perSecond: (acts / (performance.now() - startMs)) * 1_000,
    cpuMicroseconds: (user + system + serverMicroseconds) / acts,
  }
}

async function logIn(act: Act, count: number): Promise<void> {
  let next = 0
  const client = async (): Promise<void> => {
    while (next < count) await act(next++)
  }
  await Promise.all(Array.from({ length: 16 }, client))
}

function middleOf(list: readonly Measured[]): Measured {
  return {
    perSecond: median(list.map((one) => one.perSecond)),
    cpuMicroseconds: median(list.map((one) => one.cpuMicroseconds)),
  }
}

function figuresOf(measured: ReadonlyMap<string, Measured>): Figure[] {
  const [each, shared] = [...measured.values()]
  if (each === undefined || shared === undefined) throw new Error('Nothing was measured')
  return [
    atLeast(
      'P15',
      'PostgreSQL look-ups against one statement each, throughput',
      shared.perSecond / each.perSecond,
      3,
      '×',
    ),
    atLeast('P15', 'the same, CPU of both sides', each.cpuMicroseconds / shared.cpuMicroseconds, 3, '×'),
    ...[...measured].flatMap(([name, one]) => [
      fact(`PostgreSQL: ${name}`, one.perSecond, '/s'),
      fact(`PostgreSQL: ${name}, CPU of both sides`, one.cpuMicroseconds, 'µs'),
    ]),
  ]
}

function told({ perSecond, cpuMicroseconds }: Measured): string {
  return `${perSecond.toFixed(0)}/s, ${cpuMicroseconds.toFixed(1)} µs CPU`
}
