import { join } from 'node:path'
import process from 'node:process'
import { atLeast, type Bench, type Figure } from '../lib/figure.ts'
import type { Running } from '../lib/process.ts'
import { type Contender, type Turns, takeTurns } from '../lib/turns.ts'
import { startPeer } from '../peers/node-peer.ts'
import { NO_WECHAT, startYaopai } from '../peers/yaopai.ts'
import { fastest } from './p3-sessions.ts'

const SCRIPT = join(import.meta.dirname, '../wrk/tokens.lua')
const PATH = '/api/auth/get-session'
const OURS = 'yaopai /session'

/** P4: who calls, beside better-auth's getSession, without and with its cookie cache. */
export async function measureBetterAuth(bench: Bench): Promise<Figure[]> {
  const seeded = await bench.seeded()
  const peers = await startPeers(bench)
  const yaopai = await startYaopai({ databaseFile: seeded.databaseFile, wechatUrl: NO_WECHAT })
  const scriptArgs = [seeded.tokensFile, 'Authorization', 'Bearer ']
  const order = { seconds: bench.seconds, script: SCRIPT, scriptArgs, path: '/session' }
  try {
    return figuresOf(await takeTurns(bench, [{ name: OURS, server: yaopai, order }, ...peers]), peers)
  } finally {
    await Promise.all([yaopai, ...peers.map(({ server }) => server)].map((server) => server.stop()))
  }
}

function figuresOf(turns: Turns, peers: readonly Contender[]): Figure[] {
  const goal = (kind: string, words: string, wanted: number) => {
    const names = peers.map(({ name }) => name).filter((name) => name.startsWith(kind))
    const { value, rounds } = turns.cpuRatio(fastest(turns, names), OURS)
    return atLeast('P4', words, value, wanted, '×', { rounds, raw: turns.raw(OURS, ...names) })
  }
  return [
    goal('better-auth:', '/session against better-auth getSession, CPU', 20),
    goal('better-auth cached:', 'the same with its cookie cache, CPU', 15),
  ]
}

/** Its store is filled by the first server; the others find it full. */
async function startPeers(bench: Bench): Promise<Contender[]> {
  const peers: Contender[] = []
  const nodes = bench.node24 === null ? [process.execPath] : [...new Set([process.execPath, bench.node24])]
  for (const node of nodes) {
    for (const mode of ['plain', 'cached']) {
      peers.push(await contender(bench, { node, mode, sessions: peers.length === 0 ? bench.sessions : 0 }))
    }
  }
  return peers
}

async function contender(
  bench: Bench,
  { node, mode, sessions }: { node: string; mode: string; sessions: number },
): Promise<Contender> {
  const isOwnNode = node === process.execPath
  const cookies = join(bench.folder, `better-auth-${mode}-${isOwnNode ? 'own' : '24'}`)
  const database = join(bench.folder, 'better-auth.db')
  const args = [database, mode, String(sessions), cookies]
  const server: Running = await startPeer({
    script: 'better-auth.mjs',
    args,
    node,
    readyPath: '/api/auth/ok',
  })
  const on = isOwnNode ? `Node ${process.versions.node}` : 'Node 24'
  const name = `${mode === 'cached' ? 'better-auth cached' : 'better-auth'}: ${on}`
  const order = { seconds: bench.seconds, script: SCRIPT, scriptArgs: [cookies, 'Cookie'], path: PATH }
  return { name, server, order, on }
}
