import type { SessionId } from '../ids.ts'
import type { Random } from '../random.ts'

const RANDOM_BITS = 4096
const ID = /^ses_[0-9a-f]{14}$/

/**
 * The primary key of a session: 41 bits of milliseconds, then 12 random ones, so 53 in all, which a JavaScript
 * number holds exactly. Two logins of one millisecond can draw the same one; the store's key refuses the second
 * and the login draws again.
 */
export function newSelector(nowMs: number, random: Random): number {
  return nowMs * RANDOM_BITS + (random.bytes(2).readUInt16BE(0) % RANDOM_BITS)
}

/** The public name of a session: its selector, which opens nothing. */
export function sessionIdOf(selector: number): SessionId {
  return `ses_${selector.toString(16).padStart(14, '0')}`
}

/** The selector behind a session id, or null where the text is none. */
export function selectorOf(sessionId: string): number | null {
  if (!ID.test(sessionId)) return null
  const selector = Number.parseInt(sessionId.slice(4), 16)
  return Number.isSafeInteger(selector) ? selector : null
}
