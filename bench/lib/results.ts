import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { root } from '../../tools/setup.mjs'
import type { Growth } from '../growth/point.ts'
import type { Figure } from './figure.ts'

/** One run of the bench, as it is kept in bench/results. */
export interface Results {
  readonly node: string
  readonly machine: Machine
  readonly order: { readonly rounds: number; readonly seconds: number; readonly sessions: number }
  readonly limits: { readonly fsyncsPerSecond: number; readonly sha256Microseconds: number }
  readonly peers: Readonly<Record<string, string>>
  readonly figures: readonly Figure[]
  readonly growth: Growth | null
}

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly kernel: string
  /** Processes that wanted to run, in the minute before the bench and in its last one: what else the machine did. */
  readonly loadBefore: number
  readonly loadAfter: number
}

export function describeMachine(loadBefore: number): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    loadBefore: oneDecimal(loadBefore),
    loadAfter: oneDecimal(loadavg()[0] ?? 0),
  }
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10
}

/** What the peers' folder pins, and what Debian brought. */
export function peerVersions(): Record<string, string> {
  const file = join(root, 'bench/peers/package.json')
  const { dependencies } = JSON.parse(readFileSync(file, 'utf8')) as { dependencies: Record<string, string> }
  return {
    ...dependencies,
    Django: versionFrom('/usr/bin/python3', ['-c', 'import django; print(django.__version__)']),
    gunicorn: versionFrom('gunicorn', ['--version']),
    'redis-server': versionFrom('redis-server', ['--version']),
    wrk: versionFrom('wrk', ['--version']),
  }
}

function versionFrom(command: string, args: readonly string[]): string {
  try {
    const text = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return /\d+\.\d+(\.\d+)?/.exec(text)?.[0] ?? 'unknown'
  } catch (error) {
    // wrk ends with 1 after it has said its version.
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : ''
    return /\d+\.\d+(\.\d+)?/.exec(said)?.[0] ?? 'unknown'
  }
}

export function newResults(
  parts: Pick<Results, 'order' | 'limits' | 'figures' | 'growth'> & { readonly loadBefore: number },
): Results {
  const { order, limits, figures, growth, loadBefore } = parts
  return {
    node: process.versions.node,
    machine: describeMachine(loadBefore),
    order,
    limits,
    peers: peerVersions(),
    figures,
    growth,
  }
}
