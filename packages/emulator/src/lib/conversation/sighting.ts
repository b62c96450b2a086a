import type { Arrow, ArrowKind, NoteAction } from './arrow.ts'
import type { Place } from './fields.ts'
import type { KeptBody } from './kept-body.ts'

/** A message as it travelled, with all its secrets. */
export interface SeenMessage {
  startLine: string
  headers: readonly (readonly [name: string, value: string])[]
  body: KeptBody | undefined
}

/** What somebody saw, to be kept as an arrow. */
export interface Sighting {
  kind: ArrowKind
  from: string
  to: string
  label: string
  outcome?: Arrow['outcome']
  status?: number | undefined
  reason?: string | undefined
  action?: NoteAction | undefined
  facts?: Readonly<Record<string, string | number>> | undefined
  message?: SeenMessage | undefined
  /** Default: elsewhere. */
  place?: Place | undefined
}

/** A sighting in its place in the conversation. */
export interface Kept extends Sighting {
  seq: number
  exchange: number
  part: Arrow['part']
  atMs: number
  elapsedMs: number
  /** For the limit on all that is kept. */
  sizeBytes: number
}

/** Headers as Node has them: name, value, name, value. */
export function headerPairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [
    raw[2 * index] ?? '',
    raw[2 * index + 1] ?? '',
  ])
}
