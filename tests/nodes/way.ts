import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import process from 'node:process'
import { startFaultProxy } from '../faults/proxy.ts'
import type { Spawning } from '../serve/support/processes.ts'

/** How one node reaches the database, and nobody else; it can be cut. */
export interface Way {
  /** What it is made of, for who reads the results. */
  readonly kind: 'a network namespace' | 'a proxy: no right to make a network namespace here'
  /** Where the node finds the database. */
  readonly host: string
  readonly port: number
  /** What the node is given, and how it is started. */
  readonly env: Readonly<Record<string, string>>
  readonly spawning: Spawning
  /** Where the node is to be asked, of where it says itself that it is. */
  urlOf(publicUrl: string): string
  /** From now on nothing comes through, and nobody is told. */
  cut(): void
  mend(): void
  remove(): Promise<void>
}

/** By a network of the node's own where we may make one, else by a proxy that swallows everything. */
export function openWay(port: number): Promise<Way> {
  return mayMakeNetworks() ? openCable(port) : openDoor(port)
}

function mayMakeNetworks(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  if (process.env['YAOPAI_PRETEND_MISSING']?.split(',').includes('iproute2')) return false
  const name = `yp-try-${process.pid}`
  const pair = ['link', 'add', `ypt${process.pid}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name]
  const steps = [['netns', 'add', name], pair, ['netns', 'exec', name, 'true']]
  const isDone = steps.every(isGoing)
  isGoing(['netns', 'delete', name])
  return isDone
}

function isGoing(args: readonly string[]): boolean {
  return spawnSync('ip', args, { stdio: 'ignore' }).status === 0
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] })
}

/** In a network of its own every port is free. */
const OWN_PORT = 8787

/**
 * Two cables lead into the node's network: by one it is asked, by the other it asks the database. WeChat is not to be
 * reached from there.
 */
async function openCable(port: number): Promise<Way> {
  const name = `yaopai-${process.pid}`
  const within = ['ip', 'netns', 'exec', name]
  ip('netns', 'add', name)
  try {
    const asked = lay(name, 'q')
    const asking = lay(name, 'd')
    const toBook = await startFaultProxy(port, { host: asking.here })
    const toNode = await startRelay(within, `${asked.there}:${OWN_PORT}`, `127.0.0.1:${OWN_PORT}`)
    return {
      kind: 'a network namespace',
      host: asking.here,
      port: toBook.port,
      env: { PORT: String(OWN_PORT) },
      spawning: { under: within },
      urlOf: () => `http://${asked.there}:${OWN_PORT}`,
      cut: () => ip('link', 'set', asking.end, 'down'),
      mend: () => ip('link', 'set', asking.end, 'up'),
      async remove() {
        toNode.kill('SIGKILL')
        await toBook.close()
        ip('netns', 'delete', name)
      },
    }
  } catch (error) {
    ip('netns', 'delete', name)
    throw error
  }
}

async function startRelay(within: readonly string[], from: string, to: string): Promise<ChildProcess> {
  const [command = '', ...args] = [
    ...within,
    process.execPath,
    join(import.meta.dirname, 'relay.mjs'),
    from,
    to,
  ]
  const relay = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const end = () => void relay.kill('SIGKILL')
  process.once('exit', end)
  relay.once('exit', () => process.removeListener('exit', end))
  await Promise.race([once(relay.stdout, 'data'), once(relay, 'exit')])
  if (relay.exitCode !== null) throw new Error('The relay did not start')
  return relay
}

interface Cable {
  /** The end in our network, by its name and its address. */
  readonly end: string
  readonly here: string
  readonly there: string
}

/** Addresses that are set aside for trying networks out (RFC 2544), four of them a cable. */
function lay(namespace: string, letter: string): Cable {
  const base = randomInt(0, 2 ** 15) * 4
  const address = (n: number) =>
    `198.${18 + ((base + n) >> 16)}.${((base + n) >> 8) & 255}.${(base + n) & 255}`
  const [end, farEnd] = [`yp${letter}${process.pid}`, `eth-${letter}`]
  const [here, there] = [address(1), address(2)]
  ip('link', 'add', end, 'type', 'veth', 'peer', 'name', farEnd, 'netns', namespace)
  ip('address', 'add', `${here}/30`, 'dev', end)
  ip('link', 'set', end, 'up')
  ip('-n', namespace, 'address', 'add', `${there}/30`, 'dev', farEnd)
  ip('-n', namespace, 'link', 'set', farEnd, 'up')
  ip('-n', namespace, 'link', 'set', 'lo', 'up')
  return { end, here, there }
}

async function openDoor(port: number): Promise<Way> {
  const proxy = await startFaultProxy(port)
  return {
    kind: 'a proxy: no right to make a network namespace here',
    host: '127.0.0.1',
    port: proxy.port,
    env: {},
    spawning: {},
    urlOf: (publicUrl) => publicUrl,
    cut: () => proxy.become({ kind: 'hole' }),
    mend() {
      proxy.become({ kind: 'pass' })
      proxy.cut('reset')
    },
    remove: () => proxy.close(),
  }
}
