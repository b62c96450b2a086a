import type { Seeded } from './seed.ts'

export interface Bench {
  /** Temporary, removed at the end. */
  readonly folder: string
  readonly rounds: number
  /** Of one measurement. */
  readonly seconds: number
  /** Living sessions in the store while reads are measured. */
  readonly sessions: number
  /** Up to how many sessions growth is followed. */
  readonly growTo: number
  /** A Node 24, where a peer is to be measured on that one too; null where there is none. */
  readonly node24: string | null
  say(line: string): void
  /** The store with `sessions` sessions, made once for all goals. Servers write to it: touches, nothing else. */
  seeded(): Promise<Seeded>
}

export type Unit = '×' | '%' | 'µs' | 'ms' | 'MiB' | 'bytes' | '/s'

export interface Figure {
  readonly goal: string
  readonly name: string
  /** In `unit`; a share of 0.92 is 92 with `%`. NaN never. */
  readonly value: number
  readonly unit: Unit
  readonly text: string
  readonly wanted: string
  /** Null: a figure for orientation, with no goal of its own. */
  readonly isMet: boolean | null
  /** The value of each round, where it was measured in rounds: how far they lie apart is how noisy it was. */
  readonly rounds: readonly number[]
  /** What no program could go beyond, in words and figures. */
  readonly limit: string | null
  /** What the value was made of: ours, the peer's. */
  readonly raw: readonly Raw[]
}

/** One program under load. */
export interface Raw {
  readonly name: string
  readonly node: string
  /** CPU of the server, user and system, for one answered request; medians of the rounds. */
  readonly cpuMicroseconds: number
  readonly perSecond: number
}

/** What stands beside a figure. */
export type Beside = Partial<Pick<Figure, 'rounds' | 'limit' | 'raw'>>

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new RangeError('No values to take a median of')
  return middle
}

/**
 * A goal of the kind "at least so much of it", in figures of one run.
 * @param value and `wanted` in the unit; shares (`%`) as 0.92
 */
export function atLeast(
  goal: string,
  name: string,
  value: number,
  wanted: number,
  unit: Unit,
  beside: Beside = {},
): Figure {
  const aim = `≥ ${textOf(inUnit(wanted, unit), unit)}`
  return { ...fact(name, value, unit, beside), goal, wanted: aim, isMet: value >= wanted }
}

/** A goal of the kind "at most so much". */
export function atMost(
  goal: string,
  name: string,
  value: number,
  wanted: number,
  unit: Unit,
  beside: Beside = {},
): Figure {
  const aim = `≤ ${textOf(inUnit(wanted, unit), unit)}`
  return { ...fact(name, value, unit, beside), goal, wanted: aim, isMet: value <= wanted }
}

/** A figure for orientation. */
export function fact(name: string, value: number, unit: Unit, beside: Beside = {}): Figure {
  const { rounds = [], limit = null, raw = [] } = beside
  const amount = inUnit(value, unit)
  const all = rounds.map((round) => inUnit(round, unit))
  return {
    goal: '',
    name,
    value: amount,
    unit,
    text: textOf(amount, unit),
    wanted: '',
    isMet: null,
    rounds: all,
    limit,
    raw,
  }
}

function inUnit(value: number, unit: Unit): number {
  return unit === '%' ? value * 100 : value
}

const DECIMALS: Readonly<Record<Unit, number>> = { '×': 1, '%': 0, µs: 2, ms: 1, MiB: 1, bytes: 0, '/s': 0 }

function textOf(amount: number, unit: Unit): string {
  const number = amount.toLocaleString('en-US', {
    minimumFractionDigits: DECIMALS[unit],
    maximumFractionDigits: DECIMALS[unit],
  })
  return unit === '×' || unit === '/s' ? `${number}${unit}` : `${number} ${unit}`
}
