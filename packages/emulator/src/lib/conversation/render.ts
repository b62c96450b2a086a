import type { Arrow, Message } from './arrow.ts'
import { detectInHeader, detectInText, type Knowledge } from './detect.ts'
import type { Place } from './fields.ts'
import { cutNotice, describe, type KeptBody, readBody } from './kept-body.ts'
import { findSecrets, maskHits } from './mask.ts'
import { readMultipart } from './multipart.ts'
import { prettyJson } from './pretty-json.ts'
import type { Hit } from './secrets.ts'
import type { Kept, SeenMessage } from './sighting.ts'

interface BodyText {
  text: string
  isCut: boolean
}

/** A body for reading, with its secrets; undefined where it is no text. */
export function bodyText(body: KeptBody): BodyText | undefined {
  const form = body.encoding === '' ? readMultipart(body.bytes, body.type) : undefined
  if (form !== undefined) return { text: form, isCut: body.sizeBytes > body.bytes.length }
  const read = readBody(body)
  return read && { ...read, text: prettyJson(read.text) }
}

/** Every text of a message in which a secret may stand, and what is known of its secrets by where they stand. */
function detectionsOf(known: Knowledge, message: SeenMessage, place: Place): void {
  detectInText(known, message.startLine, place)
  for (const [name, value] of message.headers) detectInHeader(known, name, value, place)
  const body = message.body && bodyText(message.body)
  if (!body) return
  detectInText(known, body.text, place)
  if (place !== 'login-answer') return
  const text = body.text.trim()
  detectInText(known, `"answer":${JSON.stringify(text)}`, place) // a body that is the token and nothing else
}

/** Learns the secrets of what was seen. */
export function learn(known: Knowledge, kept: Kept): void {
  const { message, place = 'elsewhere', label, reason, facts = {} } = kept
  if (message) detectionsOf(known, message, place)
  for (const [name, value] of Object.entries(facts)) {
    if (typeof value === 'string') detectInHeader(known, name, value, 'elsewhere')
  }
  detectInText(known, label, place)
  if (reason !== undefined) detectInText(known, reason, place)
}

/** Nobody reads four hundred letters of ciphertext, and they hide what stands beside them. */
function shortened(text: string): string {
  return text.replace(
    /(encryptedData(?:"|%22)?\s*[:=]\s*"?)([A-Za-z0-9+/=%\\]{48})([A-Za-z0-9+/=%\\]{32,})/g,
    (_, before: string, head: string, tail: string) =>
      `${before}${head}…‹${head.length + tail.length} characters›`,
  )
}

function maskText(known: Knowledge, text: string, byField: readonly Hit[]): string {
  return maskHits(text, [...byField, ...findSecrets(known.secrets, text)])
}

const LONGEST_LABEL = 60

/** Cut only after masking: half a secret would not be known as one. */
function shortLabel(text: string): string {
  return text.length > LONGEST_LABEL ? `${text.slice(0, LONGEST_LABEL - 1)}…` : text
}

/** For texts that stand outside of a message too. */
export function maskPlain(known: Knowledge, text: string, place: Place = 'elsewhere'): string {
  return maskText(known, text, detectInText(known, text, place))
}

function maskBody(known: Knowledge, body: KeptBody | undefined, place: Place): string {
  if (body === undefined || body.sizeBytes === 0) return ''
  const read = bodyText(body)
  if (!read) return maskPlain(known, describe(body))
  const masked = shortened(maskPlain(known, read.text, place))
  return read.isCut ? cutNotice(masked, body) : masked
}

function maskMessage(known: Knowledge, message: SeenMessage, place: Place): Message {
  return {
    startLine: shortened(maskPlain(known, message.startLine, place)),
    headers: message.headers.map(([name, value]) => {
      return [maskPlain(known, name), maskText(known, value, detectInHeader(known, name, value, place))]
    }),
    body: maskBody(known, message.body, place),
  }
}

function maskFacts(known: Knowledge, facts: Kept['facts']): Arrow['facts'] {
  if (facts === undefined) return undefined
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      if (typeof value !== 'string') return [name, value]
      return [name, maskText(known, value, detectInHeader(known, name, value, 'elsewhere'))]
    }),
  )
}

function masked(known: Knowledge, text: string | undefined): string | undefined {
  return text === undefined ? undefined : maskPlain(known, text)
}

/** The arrow as anyone may see it. */
export function render(known: Knowledge, kept: Kept): Arrow {
  const { seq, exchange, part, kind, from, to, elapsedMs, outcome, status, action } = kept
  const at = new Date(kept.atMs).toISOString()
  const label = shortLabel(maskPlain(known, kept.label))
  const reason = masked(known, kept.reason)
  const facts = maskFacts(known, kept.facts)
  const message = kept.message && maskMessage(known, kept.message, kept.place ?? 'elsewhere')
  const certain = { seq, exchange, part, kind, from, to, at, elapsedMs, label }
  const all = { ...certain, outcome, status, reason, action, facts, message }
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined),
  ) as unknown as Arrow // all but the undefined
}
