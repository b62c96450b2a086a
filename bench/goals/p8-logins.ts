import { join } from 'node:path'
import process from 'node:process'
import { atLeast, type Bench, type Figure, median } from '../lib/figure.ts'
import { load, type Measured } from '../lib/load.ts'
import { freePort, LOAD_CORE, type Running, start } from '../lib/process.ts'
import { seedDjango, startDjango } from '../peers/django.ts'
import { startYaopai } from '../peers/yaopai.ts'

const SCRIPT = join(import.meta.dirname, '../wrk/logins.lua')

/** P8: logins a second with a WeChat that answers at once, durable before the answer, beside the tutorial's view. */
export async function measureLogins(bench: Bench): Promise<Figure[]> {
  const wechat = await startInstantWechat()
  const database = join(bench.folder, 'origin-logins.db')
  const origin = { database, wechatUrl: wechat.url, isTuned: false }
  seedDjango(origin, 1, join(bench.folder, 'unused'))
  const django = await startDjango(origin)
  const yaopai = await startYaopai({ databaseFile: join(bench.folder, 'logins.db'), wechatUrl: wechat.url })
  const runs = { yaopai: [] as Measured[], django: [] as Measured[] }
  try {
    for (let round = 1; round <= bench.rounds; round += 1) {
      runs.yaopai.push(await load(yaopai, order(bench, `${round}`, 'post')))
      runs.django.push(await load(django, order(bench, `${round}`, 'get')))
      bench.say(
        `round ${round}: ${perSecond(runs.yaopai.at(-1))} logins/s, Django ${perSecond(runs.django.at(-1))}`,
      )
    }
  } finally {
    await Promise.all([wechat, django, yaopai].map((server) => server.stop()))
  }
  return figuresOf(runs)
}

function figuresOf(runs: { yaopai: Measured[]; django: Measured[] }): Figure[] {
  const rate = (list: readonly Measured[]) => median(list.map((measured) => measured.requestsPerSecond))
  const cpu = (list: readonly Measured[]) => median(list.map((measured) => measured.cpuMicroseconds))
  return [
    atLeast(
      'P8',
      "durable logins against the tutorial's Django, throughput",
      rate(runs.yaopai) / rate(runs.django),
      50,
      '×',
    ),
    ...(['yaopai', 'django'] as const).map((name) => ({
      goal: '',
      name: `${name} login`,
      value: `${cpu(runs[name]).toFixed(0)} µs CPU, ${rate(runs[name]).toFixed(0)}/s`,
      wanted: '',
      isMet: null,
    })),
  ]
}

function order(bench: Bench, run: string, method: 'post' | 'get') {
  return { seconds: bench.seconds, path: '/login', script: SCRIPT, scriptArgs: [run, method] }
}

function perSecond(measured: Measured | undefined): string {
  return measured?.requestsPerSecond.toFixed(0) ?? '?'
}

export async function startInstantWechat(delayMs = 0): Promise<Running> {
  const port = await freePort()
  const script = join(import.meta.dirname, '../peers/instant-wechat.mjs')
  return start({
    core: LOAD_CORE,
    command: [process.execPath, script, String(port), String(delayMs)],
    url: `http://127.0.0.1:${port}`,
    readyPath: '/sns/jscode2session?js_code=00',
  })
}
