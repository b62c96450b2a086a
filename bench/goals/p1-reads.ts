import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { atLeast, type Bench, type Figure, median } from '../lib/figure.ts'
import { type Load, load, type Measured } from '../lib/load.ts'
import { freePort, type Running, SERVER_CORE, start } from '../lib/process.ts'
import type { Seeded } from '../lib/seed.ts'
import { seedDjango, startDjango } from '../peers/django.ts'
import { startYaopai, type YaopaiServer } from '../peers/yaopai.ts'

const SCRIPT = join(import.meta.dirname, '../wrk/tokens.lua')
const NODE_MAJOR = Number(process.versions.node.split('.')[0])
const P1_SHARE = NODE_MAJOR >= 24 ? 0.95 : 0.92
const NO_WECHAT = 'http://127.0.0.1:9'

interface Contender {
  readonly name: string
  readonly server: Running
  readonly order: Load
}

/** P1 and P2: what it costs to say who calls, beside node:http that only answers and the tutorial's own views. */
export async function measureReads(bench: Bench, seeded: Seeded): Promise<Figure[]> {
  const yaopai = await startYaopai({ databaseFile: seeded.databaseFile, wechatUrl: NO_WECHAT })
  const raw = await startRaw(bench, yaopai, seeded)
  const djangos = await startDjangos(bench)
  try {
    return figuresOf(await measureInTurn(bench, contenders(bench, seeded, { yaopai, raw, ...djangos })))
  } finally {
    await Promise.all([yaopai, raw, djangos.plain, djangos.tuned].map((server) => server.stop()))
  }
}

function contenders(
  bench: Bench,
  seeded: Seeded,
  servers: { yaopai: YaopaiServer; raw: Running; plain: Running; tuned: Running },
): Contender[] {
  const bearer = {
    seconds: bench.seconds,
    script: SCRIPT,
    scriptArgs: [seeded.tokensFile, 'Authorization', 'Bearer '],
  }
  const state = {
    seconds: bench.seconds,
    script: SCRIPT,
    scriptArgs: [statesFile(bench), 'openid'],
    path: '/whoami',
  }
  const internal = { ...servers.yaopai, url: servers.yaopai.internalUrl }
  return [
    { name: 'raw /session', server: servers.raw, order: { ...bearer, path: '/session' } },
    { name: 'yaopai /session', server: servers.yaopai, order: { ...bearer, path: '/session' } },
    { name: 'raw /forward-auth', server: servers.raw, order: { ...bearer, path: '/forward-auth' } },
    { name: 'yaopai /forward-auth', server: internal, order: { ...bearer, path: '/forward-auth' } },
    { name: 'django', server: servers.plain, order: state },
    { name: 'django tuned', server: servers.tuned, order: state },
  ]
}

/** A, B, A, B: what disturbs the machine disturbs all alike. Medians over the rounds. */
async function measureInTurn(bench: Bench, all: readonly Contender[]): Promise<Map<string, Measured>> {
  const rounds = new Map<string, Measured[]>(all.map(({ name }) => [name, []]))
  for (let round = 1; round <= bench.rounds; round += 1) {
    for (const { name, server, order } of all) {
      const measured = await load(server, order)
      rounds.get(name)?.push(measured)
      bench.say(
        `round ${round}: ${name} ${measured.cpuMicroseconds.toFixed(1)} µs CPU, ${measured.requestsPerSecond.toFixed(0)}/s`,
      )
    }
  }
  return new Map([...rounds].map(([name, list]) => [name, middleOf(list)]))
}

function middleOf(list: readonly Measured[]): Measured {
  return {
    cpuMicroseconds: median(list.map((measured) => measured.cpuMicroseconds)),
    requestsPerSecond: median(list.map((measured) => measured.requestsPerSecond)),
  }
}

function figuresOf(measured: ReadonlyMap<string, Measured>): Figure[] {
  const cpu = (name: string) => measured.get(name)?.cpuMicroseconds ?? Number.NaN
  const ratios = ['/session', '/forward-auth'].flatMap((path) => [
    atLeast(
      'P1',
      `${path} as a share of raw node:http, CPU`,
      cpu(`raw ${path}`) / cpu(`yaopai ${path}`),
      P1_SHARE,
      '%',
    ),
    atLeast(
      'P2',
      `${path} against the tutorial's Django, CPU`,
      cpu('django') / cpu(`yaopai ${path}`),
      60,
      '×',
    ),
    atLeast(
      'P2',
      `${path} against the same tuned, CPU`,
      cpu('django tuned') / cpu(`yaopai ${path}`),
      25,
      '×',
    ),
  ])
  const costs = [...measured].map(([name, { cpuMicroseconds, requestsPerSecond }]) => ({
    goal: '',
    name,
    value: `${cpuMicroseconds.toFixed(1)} µs CPU, ${requestsPerSecond.toFixed(0)}/s`,
    wanted: '',
    isMet: null,
  }))
  return [...ratios, ...costs]
}

/** Raw node:http answers byte for byte what Yaopai answered to one request. */
async function startRaw(bench: Bench, yaopai: YaopaiServer, seeded: Seeded): Promise<Running> {
  const [token] = (await readFile(seeded.tokensFile, 'utf8')).split('\n')
  const answers = {
    '/session': await answerOf(`${yaopai.url}/session`, token ?? ''),
    '/forward-auth': await answerOf(`${yaopai.internalUrl}/forward-auth`, token ?? ''),
  }
  const file = join(bench.folder, 'answers.json')
  await writeFile(file, JSON.stringify(answers))
  const port = await freePort()
  const script = join(import.meta.dirname, '../peers/raw-http.mjs')
  return start({
    core: SERVER_CORE,
    command: [process.execPath, script, String(port), file],
    env: { NODE_ENV: 'production' },
    url: `http://127.0.0.1:${port}`,
    readyPath: '/session',
  })
}

async function answerOf(
  url: string,
  token: string,
): Promise<{ headers: Record<string, string>; body: string }> {
  const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` } })
  if (response.status !== 200) throw new Error(`${url} answered ${response.status} to a living token`)
  const own = new Set(['connection', 'date', 'keep-alive', 'transfer-encoding'])
  return {
    headers: Object.fromEntries([...response.headers].filter(([name]) => !own.has(name))),
    body: await response.text(),
  }
}

async function startDjangos(bench: Bench): Promise<{ plain: Running; tuned: Running }> {
  const order = { database: join(bench.folder, 'origin.db'), wechatUrl: NO_WECHAT, isTuned: false }
  seedDjango(order, bench.sessions, statesFile(bench))
  return { plain: await startDjango(order), tuned: await startDjango({ ...order, isTuned: true }) }
}

function statesFile(bench: Bench): string {
  return join(bench.folder, 'states')
}
