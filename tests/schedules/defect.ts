import assert from 'node:assert/strict'
import type { Outcome } from './play.ts'
import type { Mutant } from './sdk.ts'
import type { Act, Step, Story } from './story.ts'

/** A defect that other clients have, the story that shows it, and a change that would bring it here. */
export interface Defect {
  readonly title: string
  readonly story: Story
  /** What must hold beside the rules. */
  readonly holds?: (outcome: Outcome) => void
  readonly mutants: readonly Planted[]
}

type Planted = Mutant & { readonly isFoundByChance: boolean }

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

export function steps(...acts: readonly (Act | number)[]): Step[] {
  let waitMs = 0
  const found: Step[] = []
  for (const act of acts) {
    if (typeof act === 'number') waitMs += act
    else {
      found.push({ waitMs, act })
      waitMs = 0
    }
  }
  return found
}

export const get = (times = 1): Act => ({
  do: 'request',
  times,
  method: 'GET',
  place: 'path',
  style: 'promise',
})
export const post = (times = 1): Act => ({
  do: 'request',
  times,
  method: 'POST',
  place: 'path',
  style: 'promise',
})
export const pass = (forMs: number): Act => ({ do: 'pass', forMs })
type Text = readonly [file: string, find: string, put: string]

/** Found by a few hundred random stories as well. */
export function mutant(name: string, texts: readonly Text[]): Planted {
  return { name, changes: texts.map(([file, find, put]) => ({ file, find, put })), isFoundByChance: true }
}

/** Too rare for a few hundred random stories, or nothing that a rule is about. */
export function rareMutant(name: string, texts: readonly Text[]): Planted {
  return { ...mutant(name, texts), isFoundByChance: false }
}

export function logins(expected: number) {
  return ({ logins: found }: Outcome) => assert.equal(found, expected, 'number of wx.login')
}

export const minute = pass(60_000)
