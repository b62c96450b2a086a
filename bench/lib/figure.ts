export interface Bench {
  /** Temporary, removed at the end. */
  readonly folder: string
  readonly rounds: number
  /** Of one measurement. */
  readonly seconds: number
  /** Living sessions in the store while reads are measured. */
  readonly sessions: number
  say(line: string): void
}

export interface Figure {
  readonly goal: string
  readonly name: string
  readonly value: string
  readonly wanted: string
  /** Null: a figure for orientation, with no goal of its own. */
  readonly isMet: boolean | null
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new RangeError('No values to take a median of')
  return middle
}

/** A goal of the kind "at least so much of it", in figures of one run. */
export function atLeast(goal: string, name: string, value: number, wanted: number, unit: '×' | '%'): Figure {
  const text = (amount: number) => (unit === '%' ? `${(amount * 100).toFixed(0)} %` : `${amount.toFixed(1)}×`)
  return { goal, name, value: text(value), wanted: `≥ ${text(wanted)}`, isMet: value >= wanted }
}
