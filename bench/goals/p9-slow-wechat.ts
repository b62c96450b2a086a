import { join } from 'node:path'
import { atLeast, type Bench, type Figure } from '../lib/figure.ts'
import { takeTurns } from '../lib/turns.ts'
import { startInstantWechat } from '../peers/wechat.ts'
import { startYaopai } from '../peers/yaopai.ts'
import { loginOrder } from './p8-logins.ts'

const LATENCY_MS = 50
const CLIENTS = 256
const OURS = 'yaopai login'

/** P9: logins a second while WeChat takes its time: waiting for it must cost next to nothing. */
export async function measureSlowWechat(bench: Bench): Promise<Figure[]> {
  const wechat = await startInstantWechat(LATENCY_MS)
  const databaseFile = join(bench.folder, 'slow-wechat.db')
  const yaopai = await startYaopai({ databaseFile, wechatUrl: wechat.url })
  const order = { ...loginOrder(bench, 'post'), connections: CLIENTS }
  const most = CLIENTS / (LATENCY_MS / 1000)
  try {
    const turns = await takeTurns(bench, [{ name: OURS, server: yaopai, order }])
    const limit = `clients ÷ latency: ${most.toFixed(0)} logins a second`
    const beside = { limit, raw: turns.raw(OURS) }
    const words = `logins with WeChat at ${LATENCY_MS} ms, share of clients ÷ latency`
    return [atLeast('P9', words, turns.perSecond(OURS) / most, 0.75, '%', beside)]
  } finally {
    await Promise.all([wechat, yaopai].map((server) => server.stop()))
  }
}
