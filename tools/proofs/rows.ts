import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup.mjs'

/** A row that a test may prove by carrying `[id]` in its title. */
export type Row = { id: string; name: string }
export type FeatureRow = Row & { section: string; others?: string[] }
export type Promised = { features: string[]; threats: string[]; faults: string[] }

const read = (name: string): unknown =>
  JSON.parse(readFileSync(join(root, 'tools', 'proofs', `${name}.json`), 'utf8'))

// The files stand beside this one and a test of their shape does too.
export const features = read('features') as { others: string[]; rows: FeatureRow[] }
export const threats = read('threats') as Row[]
export const faults = read('faults') as Row[]
/** What has been promised so far; it only grows. */
export const promised = read('promised') as Promised

const idPattern = /\[([FTR]\d{1,3})\]/g

/** The row ids that a title carries. */
export function idsIn(text: string): string[] {
  return [...text.matchAll(idPattern)].flatMap(([, id]) => (id === undefined ? [] : [id]))
}
