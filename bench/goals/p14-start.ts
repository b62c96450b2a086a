import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../../tools/free-port.ts'
import { atMost, type Bench, type Figure, median } from '../lib/figure.ts'
import { residentMiB } from '../lib/process.ts'
import type { Seeded } from '../lib/seed.ts'
import { yaopaiEnv } from '../peers/yaopai.ts'

const CLI = join(import.meta.dirname, '../../packages/server/dist/cli.js')
const RUNS = 9
const SETTLE_MS = 2_000
const GOAL_MS = 100
const GOAL_MIB = 60

/** P14: from the command to the first answer with a full store, and what an idle server keeps in memory. */
export async function measureStart(bench: Bench): Promise<Figure[]> {
  const seeded = await bench.seeded()
  const bare: number[] = []
  const starts: { ms: number; mib: number }[] = []
  for (let run = 0; run < RUNS; run += 1) {
    bare.push(await bareNodeMs())
    starts.push(await startOnce(seeded))
  }
  const ms = median(starts.map((start) => start.ms))
  const mib = median(starts.map((start) => start.mib))
  bench.say(`start ${ms.toFixed(0)} ms, bare node ${median(bare).toFixed(0)} ms, ${mib.toFixed(0)} MiB idle`)
  const limit = `bare node, start to end: ${median(bare).toFixed(0)} ms`
  return [
    atMost('P14', 'start to first answer', ms, GOAL_MS, 'ms', {
      limit,
      rounds: starts.map((start) => start.ms),
    }),
    atMost('P14', 'memory when idle', mib, GOAL_MIB, 'MiB', { rounds: starts.map((start) => start.mib) }),
  ]
}

async function startOnce(seeded: Seeded): Promise<{ ms: number; mib: number }> {
  const [port, internalPort] = [await freePort(), await freePort()]
  const env = yaopaiEnv({
    databaseFile: seeded.databaseFile,
    wechatUrl: 'http://127.0.0.1:9',
    port,
    internalPort,
  })
  const startedAt = performance.now()
  const child = spawn(process.execPath, [CLI, 'serve'], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  })
  while (!(await isReady(port))) {
    if (child.exitCode !== null)
      throw new Error(`yaopai serve ended with ${child.exitCode} before it was ready`)
    await pause(1)
  }
  const ms = performance.now() - startedAt
  await pause(SETTLE_MS)
  const mib = residentMiB(child.pid ?? 0)
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
  return { ms, mib }
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('data', (answer) => {
      socket.destroy()
      resolve(answer.toString('latin1').startsWith('HTTP/1.1 200'))
    })
    socket.once('connect', () => socket.write('GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'))
  })
}

async function bareNodeMs(): Promise<number> {
  const startedAt = performance.now()
  await once(spawn(process.execPath, ['-e', ''], { stdio: 'ignore' }), 'exit')
  return performance.now() - startedAt
}
