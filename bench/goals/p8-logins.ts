import { join } from 'node:path'
import { atLeast, type Bench, type Figure } from '../lib/figure.ts'
import { fsyncsPerSecond } from '../lib/limits.ts'
import type { Load } from '../lib/load.ts'
import { type Turns, takeTurns } from '../lib/turns.ts'
import { seedDjango, startDjango } from '../peers/django.ts'
import { startInstantWechat } from '../peers/wechat.ts'
import { startYaopai } from '../peers/yaopai.ts'

const SCRIPT = join(import.meta.dirname, '../wrk/logins.lua')

/** P8: logins a second with a WeChat that answers at once, durable before the answer, beside the tutorial's view. */
export async function measureLogins(bench: Bench): Promise<Figure[]> {
  const wechat = await startInstantWechat(0)
  const database = join(bench.folder, 'origin-logins.db')
  const origin = { database, wechatUrl: wechat.url, isTuned: false }
  seedDjango(origin, 1, join(bench.folder, 'unused'))
  const django = await startDjango(origin)
  const yaopai = await startYaopai({ databaseFile: join(bench.folder, 'logins.db'), wechatUrl: wechat.url })
  try {
    return figuresOf(
      await takeTurns(bench, [
        { name: 'yaopai login', server: yaopai, order: loginOrder(bench, 'post') },
        { name: 'django login', server: django, order: loginOrder(bench, 'get'), on: 'Django' },
      ]),
      fsyncsPerSecond(bench.folder),
    )
  } finally {
    await Promise.all([wechat, django, yaopai].map((server) => server.stop()))
  }
}

function figuresOf(turns: Turns, fsyncs: number): Figure[] {
  const { value, rounds } = turns.rateRatio('yaopai login', 'django login')
  const limit = `one fsync a batch; this disk does ${fsyncs.toFixed(0)} a second`
  const beside = { rounds, limit, raw: turns.raw('yaopai login', 'django login') }
  return [atLeast('P8', "durable logins against the tutorial's Django, throughput", value, 50, '×', beside)]
}

/** Each use of the script begins its codes with another number, so that no code comes twice. */
let runs = 0

export function loginOrder(bench: Bench, method: 'post' | 'get'): Load {
  const scriptArgs = () => {
    runs += 1
    return [String(runs).padStart(4, '0'), method]
  }
  return { seconds: bench.seconds, path: '/login', script: SCRIPT, scriptArgs }
}
