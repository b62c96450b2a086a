import { join } from 'node:path'
import { atLeast, type Bench, type Figure, median } from '../lib/figure.ts'
import { load } from '../lib/load.ts'
import { startYaopai } from '../peers/yaopai.ts'
import { startInstantWechat } from './p8-logins.ts'

const SCRIPT = join(import.meta.dirname, '../wrk/logins.lua')
const CLIENTS = 256
const WECHAT_MS = 50

/** P9: with a WeChat that takes its time, as many logins as so many clients could make who wait for nothing else. */
export async function measureSlowWechat(bench: Bench): Promise<Figure[]> {
  const wechat = await startInstantWechat(WECHAT_MS)
  const yaopai = await startYaopai({ databaseFile: join(bench.folder, 'slow.db'), wechatUrl: wechat.url })
  const limit = (CLIENTS / WECHAT_MS) * 1000
  const rates: number[] = []
  try {
    for (let round = 1; round <= bench.rounds; round += 1) {
      const scriptArgs = [`${round}`, 'post']
      const order = {
        seconds: bench.seconds,
        path: '/login',
        script: SCRIPT,
        scriptArgs,
        connections: CLIENTS,
      }
      const { requestsPerSecond, cpuMicroseconds } = await load(yaopai, order)
      rates.push(requestsPerSecond)
      bench.say(
        `round ${round}: ${requestsPerSecond.toFixed(0)} logins/s of ${limit}, ${cpuMicroseconds.toFixed(0)} µs CPU`,
      )
    }
  } finally {
    await Promise.all([wechat, yaopai].map((server) => server.stop()))
  }
  const name = `logins of ${CLIENTS} clients with WeChat at ${WECHAT_MS} ms, share of clients ÷ latency`
  return [atLeast('P9', name, median(rates) / limit, 0.75, '%')]
}
