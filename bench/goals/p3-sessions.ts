import { join } from 'node:path'
import process from 'node:process'
import { atLeast, type Bench, type Figure } from '../lib/figure.ts'
import { redisPingsPerSecond } from '../lib/limits.ts'
import type { Running } from '../lib/process.ts'
import { type Contender, type Turns, takeTurns } from '../lib/turns.ts'
import { startPeer } from '../peers/node-peer.ts'
import { type SeededRedis, startRedis } from '../peers/redis.ts'
import { NO_WECHAT, startYaopai } from '../peers/yaopai.ts'

const SCRIPT = join(import.meta.dirname, '../wrk/tokens.lua')
const OURS = 'yaopai /session'

/** P3: who calls, beside express-session and @fastify/session on Redis. */
export async function measureSessions(bench: Bench): Promise<Figure[]> {
  const seeded = await bench.seeded()
  const redis = await startRedis(bench)
  const yaopai = await startYaopai({ databaseFile: seeded.databaseFile, wechatUrl: NO_WECHAT })
  const peers = await startPeers(bench, redis)
  const order = { seconds: bench.seconds, script: SCRIPT }
  const scriptArgs = [seeded.tokensFile, 'Authorization', 'Bearer ']
  try {
    const ours: Contender = { name: OURS, server: yaopai, order: { ...order, scriptArgs, path: '/session' } }
    const turns = await takeTurns(bench, [ours, ...peers])
    return await figuresOf(turns, peers, redis)
  } finally {
    await Promise.all([redis, yaopai, ...peers.map(({ server }) => server)].map((server) => server.stop()))
  }
}

async function figuresOf(turns: Turns, peers: readonly Contender[], redis: SeededRedis): Promise<Figure[]> {
  const pings = await redisPingsPerSecond(redis.port)
  const limit = `a Redis round trip of one connection: ${(1e6 / pings).toFixed(0)} µs`
  const goal = (kind: string, words: string, wanted: number) => {
    const names = peers.map(({ name }) => name).filter((name) => name.startsWith(kind))
    const best = fastest(turns, names)
    const { value, rounds } = turns.cpuRatio(best, OURS)
    const beside = { rounds, limit, raw: turns.raw(OURS, ...names) }
    return atLeast('P3', `/session against ${words}, CPU`, value, wanted, '×', beside)
  }
  return [goal('express', 'express-session on Redis', 4), goal('fastify', '@fastify/session on Redis', 2.5)]
}

/** A peer that was measured in several set-ups counts with its best. */
export function fastest(turns: Turns, names: readonly string[]): string {
  const [best] = [...names].sort((one, other) => turns.cpu(one) - turns.cpu(other))
  if (best === undefined) throw new RangeError('No peer was measured')
  return best
}

async function startPeers(bench: Bench, redis: SeededRedis): Promise<Contender[]> {
  const port = String(redis.port)
  const express = (node?: string) =>
    startPeer({ script: 'express-session.mjs', args: [port], ...(node === undefined ? {} : { node }) })
  const fastify = (...more: string[]) => startPeer({ script: 'fastify-session.mjs', args: [port, ...more] })
  const contender = (name: string, server: Running, cookies: string, on?: string): Contender => {
    const scriptArgs = [cookies, 'Cookie']
    const order = { seconds: bench.seconds, script: SCRIPT, scriptArgs, path: '/whoami' }
    return { name, server, order, ...(on === undefined ? {} : { on }) }
  }
  const cookies = redis.fastifyCookies
  return [
    contender('express-session', await express(), redis.expressCookies),
    ...(bench.node24 === null || bench.node24 === process.execPath
      ? []
      : [
          contender(
            'express-session on Node 24',
            await express(bench.node24),
            redis.expressCookies,
            'Node 24',
          ),
        ]),
    contender('fastify session', await fastify(), cookies),
    contender('fastify session, rolling: false', await fastify('once'), cookies),
  ]
}
