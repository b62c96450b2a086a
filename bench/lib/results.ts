import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { root } from '../../tools/setup.mjs'
import type { Growth } from '../growth/point.ts'
import type { Figure } from './figure.ts'

/** Figures of one Node, as they are kept in bench/results. */
export interface Results {
  readonly node: string
  readonly machine: Machine
  readonly limits: Limits
  readonly peers: Readonly<Record<string, string>>
  /** How each group of goals was measured, by its first goal. */
  readonly runs: Readonly<Record<string, Run>>
  readonly figures: readonly GroupedFigure[]
  readonly growth: Growth | null
}

export interface GroupedFigure extends Figure {
  /** First goal of those that were measured together. */
  readonly group: string
}

export interface Limits {
  readonly fsyncsPerSecond: number
  readonly sha256Microseconds: number
}

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly kernel: string
}

export interface Run {
  readonly rounds: number
  readonly seconds: number
  readonly sessions: number
  /** Processes that wanted to run, on average of the last minute: what else the machine did. */
  readonly load: number
  /** Why there are no figures. */
  readonly failure?: string
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
  }
}

export function loadNow(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10
}

/** What was measured now replaces what was known of the same goals; the rest stays. */
export function mergeResults(before: Results, now: Results): Results {
  const kept = before.figures.filter(({ group }) => now.runs[group] === undefined)
  return {
    ...now,
    runs: { ...before.runs, ...now.runs },
    // In the order of the goals, whatever was measured last.
    figures: [...kept, ...now.figures].sort((one, other) => numberOf(one) - numberOf(other)),
    growth: now.growth ?? before.growth,
  }
}

function numberOf({ group }: GroupedFigure): number {
  return Number(group.slice(1))
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

export function newResults(parts: Pick<Results, 'limits' | 'runs' | 'figures' | 'growth'>): Results {
  return { node: process.versions.node, machine: describeMachine(), peers: peerVersions(), ...parts }
}
