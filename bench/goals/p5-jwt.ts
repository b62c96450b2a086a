import { join } from 'node:path'
import { atLeast, type Bench, type Figure } from '../lib/figure.ts'
import { sha256Microseconds } from '../lib/limits.ts'
import { type Contender, type Turns, takeTurns } from '../lib/turns.ts'
import { startPeer } from '../peers/node-peer.ts'
import { NO_WECHAT, startYaopai } from '../peers/yaopai.ts'

const SCRIPT = join(import.meta.dirname, '../wrk/tokens.lua')
const OURS = 'yaopai /session'

/** P5: a token that can be revoked at once, beside signed ones that cannot. */
export async function measureJwt(bench: Bench): Promise<Figure[]> {
  const seeded = await bench.seeded()
  const yaopai = await startYaopai({ databaseFile: seeded.databaseFile, wechatUrl: NO_WECHAT })
  const peers = [await contender(bench, 'HS256'), await contender(bench, 'ES256')]
  const all = [ours(bench, yaopai, seeded.tokensFile), ...peers]
  try {
    return figuresOf(await takeTurns(bench, all))
  } finally {
    await Promise.all(all.map(({ server }) => server.stop()))
  }
}

function figuresOf(turns: Turns): Figure[] {
  const goal = (algorithm: string, wanted: number) => {
    const peer = `fastify-jwt ${algorithm}`
    const { value, rounds } = turns.cpuRatio(peer, OURS)
    const limit = `one SHA-256 over the token: ${sha256Microseconds().toFixed(1)} µs`
    const beside = { rounds, limit, raw: turns.raw(OURS, peer) }
    return atLeast('P5', `/session against @fastify/jwt ${algorithm}, CPU`, value, wanted, '×', beside)
  }
  return [goal('HS256', 2), goal('ES256', 6)]
}

function ours(bench: Bench, server: Contender['server'], tokensFile: string): Contender {
  return { name: OURS, server, order: { ...bearer(bench, tokensFile), path: '/session' } }
}

function bearer(bench: Bench, file: string) {
  return { seconds: bench.seconds, script: SCRIPT, scriptArgs: [file, 'Authorization', 'Bearer '] }
}

async function contender(bench: Bench, algorithm: string): Promise<Contender> {
  const tokensFile = join(bench.folder, `tokens-${algorithm}`)
  const server = await startPeer({ script: 'fastify-jwt.mjs', args: [algorithm, tokensFile] })
  return {
    name: `fastify-jwt ${algorithm}`,
    server,
    order: { ...bearer(bench, tokensFile), path: '/whoami' },
  }
}
