import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort, isFree } from '../../../../../../tools/free-port.ts'
import { stopWhereItIs } from '../../../../../../tools/stop-where-it-is.ts'

/** A Redis of the machine's own program, in a temporary folder and on a free port. */
export interface TestRedis {
  readonly port: number
  /** One command with the rights of an administrator. */
  ask(...words: string[]): Promise<unknown>
  /** It stops where it is, and is silent as one behind a cut network. */
  freeze(): void
  /** It goes on. */
  thaw(): void
  stop(signal?: NodeJS.Signals): Promise<void>
  start(): Promise<void>
  /** Stops it and takes its folder away. */
  remove(): Promise<void>
}

export async function startRedis(options: readonly string[] = [], port?: number): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-redis-'))
  const at = port ?? (await freePort())
  const args = ['--port', String(at), '--dir', folder, '--save', '', '--appendonly', 'no', ...options]
  let running: ChildProcess | null = null
  const start = async () => {
    running = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
    await untilReady(running)
  }
  const stop = async (signal: NodeJS.Signals = 'SIGKILL') => {
    const child = running
    running = null
    if (child === null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    child.kill('SIGCONT')
    await gone
  }
  await start()
  return {
    port: at,
    ask: (...words) => askAt(at, words),
    freeze: () => running?.pid !== undefined && stopWhereItIs(running.pid),
    thaw: () => void running?.kill('SIGCONT'),
    start,
    stop,
    async remove() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function untilReady(child: ChildProcess): Promise<void> {
  let heard = ''
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      heard += String(chunk)
      if (/Ready to accept connections/.test(heard)) resolve()
    })
    child.once('exit', () => reject(new Error(`redis-server did not start: ${heard}`)))
    child.once('error', reject)
  })
}

async function askAt(port: number, [command = 'PING', ...words]: readonly string[]): Promise<unknown> {
  const client = new Redis({
    port,
    host: '127.0.0.1',
    lazyConnect: true,
    retryStrategy: () => null,
    protocol: 2,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await client.call(command, ...words)
  } finally {
    client.disconnect()
  }
}

/** Three primaries, each with a replica. */
export async function startCluster(): Promise<readonly TestRedis[]> {
  const options = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000']
  const bus = ['--cluster-replica-validity-factor', '0']
  const ports = await freePorts(6)
  const nodes = await Promise.all(
    ports.map((port) => startRedis([...options, ...bus, '--cluster-port', String(port + 1)], port)),
  )
  const places = ports.map((port) => `127.0.0.1:${port}`)
  execFileSync('redis-cli', ['--cluster', 'create', ...places, '--cluster-replicas', '1', '--cluster-yes'], {
    stdio: 'ignore',
  })
  for (const node of nodes) await untilIn(node)
  return nodes
}

async function untilIn(node: TestRedis): Promise<void> {
  const isIn = async () => {
    const state = String(await node.ask('CLUSTER', 'INFO'))
    return /cluster_state:ok/.test(state) && /cluster_known_nodes:6/.test(state)
  }
  while (!(await isIn())) await new Promise((resolve) => setTimeout(resolve, 50))
}

/** Each with the one above it, for the cluster's own conversation. */
async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    const port = await freePort()
    const isApart = ports.every((other) => Math.abs(other - port) > 1)
    if (isApart && (await isFree(port + 1))) ports.push(port)
  }
  return ports
}
