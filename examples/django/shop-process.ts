import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'

const START_TIMEOUT_MS = 60_000

export interface Shop {
  /** Django alone, which asks Yaopai itself. */
  readonly plain: string
  /** nginx in front of a second Django; `undefined` where nginx is not installed. */
  readonly gateway: string | undefined
  /** All that run.py and its children wrote so far. */
  output(): string
  /** Stops it as Ctrl-C would, resolves with run.py's exit code. */
  stop(): Promise<number | null>
}

export interface ShopOptions {
  readonly internalUrl: string
  readonly env: Record<string, string>
  readonly server?: 'gunicorn' | 'django'
}

/** Starts the shop by its one command, on free ports and a database of its own. */
export async function startShop({ internalUrl, env, server }: ShopOptions): Promise<Shop> {
  const folder = await mkdtemp(join(tmpdir(), 'yaopai-shop-test-'))
  const args = ['run.py', '--port', '0', '--gateway-port', '0', ...(server ? ['--server', server] : [])]
  const child = spawn('/usr/bin/python3', args, {
    cwd: import.meta.dirname,
    env: {
      PATH: process.env['PATH'] ?? '',
      PYTHONDONTWRITEBYTECODE: '1',
      YAOPAI_INTERNAL_URL: internalUrl,
      SHOP_DATABASE: join(folder, 'shop.db'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const seen = collect(child)
  try {
    await seen.ready
  } catch (error) {
    await stopped(child, folder)
    throw error
  }
  const gateway = address(seen.output(), 'nginx asks')
  return {
    plain: address(seen.output(), 'Django asks') ?? '',
    gateway,
    output: seen.output,
    stop: () => stopped(child, folder),
  }
}

function address(output: string, line: string): string | undefined {
  return new RegExp(`^${line}.*(http://[^/]+)/`, 'm').exec(output)?.[1]
}

function collect(child: ChildProcess): { ready: Promise<void>; output: () => string } {
  let output = ''
  let timer: NodeJS.Timeout
  const ready = new Promise<void>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`The shop did not start:\n${output}`)), START_TIMEOUT_MS)
    const read = (line: string) => {
      output += `${line}\n`
      if (line.startsWith('Ctrl-C')) resolve()
    }
    for (const stream of [child.stdout, child.stderr]) if (stream) createInterface(stream).on('line', read)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`The shop ended with ${code}:\n${output}`)))
  })
  return { ready: ready.finally(() => clearTimeout(timer)), output: () => output }
}

async function stopped(child: ChildProcess, folder: string): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGINT')
    await once(child, 'exit')
  }
  await rm(folder, { recursive: true, force: true })
  return child.exitCode
}
