/** A piece of a text: plain, or the name that stands for a secret. */
export interface Segment {
  text: string
  /** Which of the {@link TAG_COLOURS} it has; the same secret has the same everywhere. */
  colour?: number | undefined
}

export type Measure = (text: string) => number

export const TAG_COLOURS = 8
/** Around the text of a tag, on both sides together. */
export const TAG_PADDING = 8

const TAG = /‹[^‹›]{1,80}›/g

/** Each kind has colours of its own, so that a token is never taken for a key. */
const COLOURS: Readonly<Record<string, readonly number[]>> = {
  token: [0, 2, 3, 5],
  code: [1, 4],
  session_key: [6, 7],
}
const OTHER_COLOURS = [7, 5]

/** `‹token 1›` and `‹token 2›` differ: those that follow each other are told apart. */
export function colourOfTag(tag: string): number {
  const [, kind = '', number = ''] = /^‹?(.*?)\s*(\d*)›?$/.exec(tag) ?? []
  const colours = COLOURS[kind] ?? OTHER_COLOURS
  return colours[Number(number) % colours.length] ?? 0
}

/** Names of secrets in the order in which they stand there, each once. */
export function tagsIn(text: string): string[] {
  return [...new Set(text.match(TAG) ?? [])]
}

/** `‹412 bytes of image/png›` is said of a body and is no secret's name. */
function isSecret(tag: string): boolean {
  return /^‹[A-Za-z_]/.test(tag)
}

export function segmentsOf(text: string): Segment[] {
  const segments: Segment[] = []
  let at = 0
  for (const match of text.matchAll(TAG)) {
    if (!isSecret(match[0])) continue
    if (match.index > at) segments.push({ text: text.slice(at, match.index) })
    segments.push({ text: match[0].slice(1, -1), colour: colourOfTag(match[0]) })
    at = match.index + match[0].length
  }
  if (at < text.length) segments.push({ text: text.slice(at) })
  return segments
}

export interface PlacedSegment extends Segment {
  /** From the label's own left edge. */
  x: number
  width: number
}

function widthOf(segment: Segment, measure: Measure): number {
  return measure(segment.text) + (segment.colour === undefined ? 0 : TAG_PADDING)
}

function shorten(text: string, room: number, measure: Measure): string {
  const characters = Array.from(text)
  while (characters.length > 0 && measure(`${characters.join('')}…`) > room) characters.pop()
  return characters.length === 0 ? '' : `${characters.join('').trimEnd()}…`
}

/** The segments side by side, cut with an ellipsis where they would be wider than `room`. */
export function fit(segments: readonly Segment[], room: number, measure: Measure): PlacedSegment[] {
  const placed: PlacedSegment[] = []
  let x = 0
  for (const segment of segments) {
    const width = widthOf(segment, measure)
    if (x + width > room) {
      const padding = segment.colour === undefined ? 0 : TAG_PADDING
      const text = shorten(segment.text, room - x - padding, measure)
      if (text !== '') placed.push({ ...segment, text, x, width: measure(text) + padding })
      return placed
    }
    placed.push({ ...segment, x, width })
    x += width
  }
  return placed
}

/** About what a monospaced font of 11.5 pixels needs; browsers measure. */
export function guessWidth(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + (character > '\u2e7f' ? 11.5 : 6.9), 0)
}
