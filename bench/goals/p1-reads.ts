import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { freePort } from '../../tools/free-port.ts'
import { atLeast, type Bench, type Figure } from '../lib/figure.ts'
import { type Running, SERVER_CORE, start } from '../lib/process.ts'
import type { Seeded } from '../lib/seed.ts'
import { type Contender, type Turns, takeTurns } from '../lib/turns.ts'
import { seedDjango, startDjango } from '../peers/django.ts'
import { NO_WECHAT, startYaopai, type YaopaiServer } from '../peers/yaopai.ts'

export const SCRIPT = join(import.meta.dirname, '../wrk/tokens.lua')
const NODE_MAJOR = Number(process.versions.node.split('.')[0])
const P1_SHARE = NODE_MAJOR >= 24 ? 0.95 : 0.92

/** P1 and P2: what it costs to say who calls, beside node:http that only answers and the tutorial's own views. */
export async function measureReads(bench: Bench): Promise<Figure[]> {
  const seeded = await bench.seeded()
  const yaopai = await startYaopai({ databaseFile: seeded.databaseFile, wechatUrl: NO_WECHAT })
  const raw = await startRaw(bench, yaopai, seeded)
  const djangos = await startDjangos(bench)
  try {
    return figuresOf(await takeTurns(bench, contenders(bench, seeded, { yaopai, raw, ...djangos })))
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
    { name: 'django', server: servers.plain, order: state, on: DJANGO },
    { name: 'django tuned', server: servers.tuned, order: state, on: DJANGO },
  ]
}

const HTTP_LIMIT = 'raw node:http: parsing and writing HTTP alone'
const DJANGO = 'Django'

function figuresOf(turns: Turns): Figure[] {
  return ['/session', '/forward-auth'].flatMap((path) => [
    shareOfRaw(turns, path),
    ...againstDjango(turns, path),
  ])
}

function shareOfRaw(turns: Turns, path: string): Figure {
  const [ours, raw] = [`yaopai ${path}`, `raw ${path}`]
  const { value, rounds } = turns.cpuRatio(raw, ours)
  const limit = `${HTTP_LIMIT}, ${turns.cpu(raw).toFixed(1)} µs CPU`
  const beside = { rounds, limit, raw: turns.raw(ours, raw) }
  return atLeast('P1', `${path} as a share of raw node:http, CPU`, value, P1_SHARE, '%', beside)
}

function againstDjango(turns: Turns, path: string): Figure[] {
  const ours = `yaopai ${path}`
  const against = (peer: string, words: string, wanted: number) => {
    const { value, rounds } = turns.cpuRatio(peer, ours)
    const most = turns.cpu(peer) / turns.cpu(`raw ${path}`)
    const beside = { rounds, limit: `raw node:http: ${most.toFixed(1)}×`, raw: turns.raw(ours, peer) }
    return atLeast('P2', `${path} against ${words}, CPU`, value, wanted, '×', beside)
  }
  return [against('django', "the tutorial's Django", 60), against('django tuned', 'the same tuned', 25)]
}

/** Raw node:http answers byte for byte what Yaopai answered to one request. */
export async function startRaw(bench: Bench, yaopai: YaopaiServer, seeded: Seeded): Promise<Running> {
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
