import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { Script } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { buildPackage, miniprogramPackage } from '../../tools/package/build-package.ts'
import { root } from '../../tools/setup.mjs'
import { atMost, type Bench, type Figure, fact, median } from '../lib/figure.ts'
import { createInstantWx, type InstantWx } from '../peers/instant-wx.ts'

const GOAL_BYTES = 8192
const GOAL_GZIPPED_BYTES = 3072
const GOAL_MICROSECONDS = 20
// Short turns, many of them: what disturbs the machine falls into few, and the median passes these by.
const CALLS_A_TURN = 500
const TURNS_A_ROUND = 40
const WARM_UP_TURNS = 20
const BASE_URL = 'https://api.example.com'

type Request = (options: { url: string }) => PromiseLike<unknown>

/** P16: what the client weighs in a mini program, and what `request()` costs more than `wx.request` as a promise. */
export async function measureClient(bench: Bench): Promise<Figure[]> {
  buildPackage(miniprogramPackage)
  const script = await readFile(join(root, miniprogramPackage, 'miniprogram_dist', 'index.js'), 'utf8')
  const bytes = Buffer.byteLength(script)
  const gzipped = gzipSync(script, { level: 9 }).length
  return [
    atMost('P16', 'size minified', bytes, GOAL_BYTES, 'bytes'),
    atMost('P16', 'size gzipped', gzipped, GOAL_GZIPPED_BYTES, 'bytes'),
    ...(await measureRequests(bench, script)),
  ]
}

async function measureRequests(bench: Bench, script: string): Promise<Figure[]> {
  const wx = createInstantWx()
  const bare: Request = (options) => new Promise((success, fail) => wx.request({ ...options, success, fail }))
  const client = await loggedIn(script, wx)
  const turns: { bare: number; client: number }[] = []
  const takeTurn = async () => ({ bare: await microsecondsOf(bare), client: await microsecondsOf(client) })
  for (let turn = 0; turn < WARM_UP_TURNS; turn += 1) await takeTurn()
  for (let turn = 0; turn < bench.rounds * TURNS_A_ROUND; turn += 1) turns.push(await takeTurn())
  const added = median(turns.map((turn) => turn.client - turn.bare))
  const alone = median(turns.map((turn) => turn.bare))
  bench.say(`wx.request ${alone.toFixed(2)} µs, yaopai.request ${added.toFixed(2)} µs more`)
  return [
    atMost('P16', 'request() adds to wx.request, CPU', added, GOAL_MICROSECONDS, 'µs'),
    fact('wx.request as a promise, CPU', alone, 'µs'),
  ]
}

/** The client as DevTools would run it, from the very file that goes into mini programs. */
async function loggedIn(script: string, wx: InstantWx): Promise<Request> {
  const module = { exports: {} }
  const wrapped = new Script(`(function (module, exports) {${script}\n})`)
  wrapped.runInThisContext()(module, module.exports)
  const yaopai = Object(module.exports).createYaopai({ baseUrl: BASE_URL, platform: wx })
  await yaopai.ready()
  return (options) => yaopai.request(options)
}

/** CPU per call, one after the other: on a shared machine the time on the clock is mostly other people's. */
async function microsecondsOf(request: Request): Promise<number> {
  const before = process.cpuUsage()
  for (let call = 0; call < CALLS_A_TURN; call += 1) await request({ url: `${BASE_URL}/orders` })
  const { user, system } = process.cpuUsage(before)
  return (user + system) / CALLS_A_TURN
}
