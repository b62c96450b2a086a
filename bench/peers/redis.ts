import { createHash, createHmac } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from '../../tools/free-port.ts'
import type { Bench } from '../lib/figure.ts'
import { LOAD_CORE, type Running, startProgram } from '../lib/process.ts'
import { SECRET, sessionData } from './who.mjs'

const COOKIES_KEPT = 10_000
const A_CALL = 50_000
const TTL_SECONDS = 2_592_000

export interface SeededRedis extends Running {
  readonly port: number
  readonly expressCookies: string
  readonly fastifyCookies: string
}

/** Debian's Redis on a free port, not on the servers' core, with as many sessions as Yaopai's store has. */
export async function startRedis(bench: Bench): Promise<SeededRedis> {
  const port = await freePort()
  const running = await startProgram({
    core: LOAD_CORE,
    command: [
      'redis-server',
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--dir',
      bench.folder,
    ],
    isReady: () => answersPing(port),
    url: `redis://127.0.0.1:${port}`,
  })
  await fill(port, bench.sessions)
  const files = {
    expressCookies: join(bench.folder, 'express'),
    fastifyCookies: join(bench.folder, 'fastify'),
  }
  await writeFile(files.expressCookies, cookieLines(bench.sessions, expressCookie))
  await writeFile(files.fastifyCookies, cookieLines(bench.sessions, fastifyCookie))
  return { ...running, port, ...files }
}

async function answersPing(port: number): Promise<boolean> {
  const client = new Redis({ port, lazyConnect: true, retryStrategy: () => null })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    client.disconnect()
  }
}

/** Within Redis, since a million commands over a socket take as long as the measurements. */
const FILL = `
for number = tonumber(ARGV[1]), tonumber(ARGV[2]) do
  redis.call('SET', 'sess:' .. redis.sha1hex('bench' .. number), ARGV[3], 'EX', ARGV[4])
end
return 0`

async function fill(port: number, sessions: number): Promise<void> {
  const client = new Redis({ port })
  for (let first = 0; first < sessions; first += A_CALL) {
    const last = Math.min(first + A_CALL, sessions) - 1
    await client.call('EVAL', FILL, '0', first, last, JSON.stringify(stored()), TTL_SECONDS)
  }
  await client.quit()
}

/** Express and Fastify keep the cookie's own facts beside the data. */
function stored(): object {
  const { user, session } = sessionData(1)
  const cookie = { originalMaxAge: null, expires: null, httpOnly: true, path: '/', secure: false }
  return { cookie, user, login: session }
}

function cookieLines(sessions: number, cookieOf: (sid: string) => string): string {
  const every = Math.max(1, Math.floor(sessions / COOKIES_KEPT))
  const kept = Math.min(COOKIES_KEPT, sessions)
  const sids = Array.from({ length: kept }, (_, at) =>
    createHash('sha1')
      .update(`bench${at * every}`)
      .digest('hex'),
  )
  return `${sids.map(cookieOf).join('\n')}\n`
}

function signed(sid: string): string {
  return `${sid}.${createHmac('sha256', SECRET).update(sid).digest('base64').replace(/=+$/, '')}`
}

function expressCookie(sid: string): string {
  return `connect.sid=${encodeURIComponent(`s:${signed(sid)}`)}`
}

function fastifyCookie(sid: string): string {
  return `sessionId=${encodeURIComponent(signed(sid))}`
}
