import type { SystemPackage } from '../../tools/system-packages.mjs'
import type { Draw } from './draw.ts'

/** One fault of the table: what is done, what is promised, and the code that tries it. */
export interface Scenario {
  readonly name: string
  /** Row of the table, such as `R04`. */
  readonly row: string
  readonly fault: string
  readonly promise: string
  /** How it is done, for the page. */
  readonly how: string
  readonly needs?: readonly SystemPackage[]
  run(round: Round): Promise<Outcome>
}

export interface Round {
  readonly draw: Draw
  /** The long run has the counts of the table, `npm test` small ones. */
  readonly isLong: boolean
  /** Done when the round is over, the last thing said first. */
  after(work: () => unknown): void
  say(text: string): void
}

/** What one round showed. Times in milliseconds. */
export interface Outcome {
  readonly ops: number
  readonly acked: number
  readonly lost: number
  readonly wronglyAccepted: number
  readonly halfDone: number
  readonly unknown: number
  readonly longestUnavailabilityMs: number
  /** Null: the fault is not one that ends, such as a damaged write. */
  readonly recoveryMs: number | null
  /** What was promised and did not hold; empty where all did. */
  readonly broken: readonly string[]
  /** Other figures that the row asks for, by their name with the unit. */
  readonly figures: Readonly<Record<string, number>>
}

export const NOTHING: Outcome = {
  ops: 0,
  acked: 0,
  lost: 0,
  wronglyAccepted: 0,
  halfDone: 0,
  unknown: 0,
  longestUnavailabilityMs: 0,
  recoveryMs: null,
  broken: [],
  figures: {},
}
