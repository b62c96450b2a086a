import type { RetiredToken } from '../../records.ts'
import type { RenewalStart, TokenPromotion } from '../store.ts'
import {
  appendAll,
  appendChange,
  copyBytes,
  hashKeyOf,
  livesAt,
  retiredKeyOf,
  type Tables,
} from './tables.ts'

export function startRenewal(tables: Tables, start: RenewalStart): boolean {
  const { selector, atMs } = start
  const session = tables.sessions.get(selector)
  if (session === undefined || !livesAt(session, atMs) || session.pending !== null) return false
  if (hashKeyOf(session.tokenHash) !== hashKeyOf(start.tokenHash)) return false
  const pending = { nextHash: copyBytes(start.nextHash), seed: copyBytes(start.seed) }
  tables.sessions.set(selector, { ...session, pending, renewals: session.renewals + 1 })
  appendAll(tables, start.events)
  appendChange(tables, { atMs, userId: session.userId, selector })
  return true
}

export function promoteToken(tables: Tables, promotion: TokenPromotion): boolean {
  const { selector, atMs, goodUntilMs } = promotion
  const session = tables.sessions.get(selector)
  if (session === undefined || !livesAt(session, atMs) || session.pending === null) return false
  const { nextHash, seed } = session.pending
  if (hashKeyOf(nextHash) !== hashKeyOf(promotion.nextHash)) return false
  tables.retiredTokens.set(retiredKeyOf(selector, session.tokenHash), { selector, seed, goodUntilMs })
  tables.sessions.set(selector, { ...session, tokenHash: nextHash, pending: null })
  appendChange(tables, { atMs, userId: session.userId, selector })
  return true
}

export function findRetiredToken(
  tables: Tables,
  selector: number,
  tokenHash: Uint8Array,
): RetiredToken | null {
  const retired = tables.retiredTokens.get(retiredKeyOf(selector, tokenHash))
  if (retired === undefined) return null
  const { goodUntilMs, seed } = retired
  return { goodUntilMs, seed: seed && copyBytes(seed) }
}
