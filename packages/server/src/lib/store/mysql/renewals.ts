import type { UserId } from '../../ids.ts'
import type { RetiredToken } from '../../records.ts'
import type { RenewalStart, TokenPromotion } from '../store.ts'
import { appendChanges } from './changes.ts'
import { appendEvents } from './history.ts'
import { bucketOf } from './keys.ts'
import { isSession, livesAt } from './rows.ts'
import type { Session } from './session.ts'
import { selectOwner } from './sessions.ts'
import { sql } from './sql.ts'
import type { Transaction } from './transaction.ts'

/** Of several at once the first one writes; the others wait for its row, judge it anew and find a token noted. */
export async function startRenewal(tx: Transaction, start: RenewalStart): Promise<boolean> {
  const { selector, tokenHash, nextHash, seed, atMs, events } = start
  const [note, owner] = await tx.ask([
    sql`UPDATE yaopai_sessions SET next_hash = ${nextHash}, renewal_seed = ${seed}, renewals = renewals + 1
      WHERE ${isSession(selector)} AND token_hash = ${tokenHash} AND next_hash IS NULL AND ${livesAt(atMs)}`,
    selectOwner(selector),
  ])
  const row = owner?.first<{ userId: UserId }>()
  if (note?.written !== 1 || row === undefined) return tx.undo(false)
  appendEvents(tx, events)
  appendChanges(tx, [{ atMs, userId: row.userId, selector }])
  return true
}

/** The session's lock is taken first: what is retired is what its last holder left. */
export async function promoteToken(tx: Transaction, promotion: TokenPromotion): Promise<boolean> {
  const { selector, nextHash, goodUntilMs, atMs } = promotion
  const row = await tx.first<{ userId: UserId }>(
    sql`${selectOwner(selector)} AND next_hash = ${nextHash} AND ${livesAt(atMs)} FOR UPDATE`,
  )
  if (row === undefined) return tx.undo(false)
  tx.atLast(
    sql`INSERT INTO yaopai_retired_tokens (bucket, selector, token_hash, seed, good_until_ms)
      SELECT bucket, selector, token_hash, renewal_seed, ${goodUntilMs} FROM yaopai_sessions
      WHERE ${isSession(selector)}`,
    sql`UPDATE yaopai_sessions SET token_hash = next_hash, next_hash = NULL, renewal_seed = NULL
      WHERE ${isSession(selector)}`,
  )
  appendChanges(tx, [{ atMs, userId: row.userId, selector }])
  return true
}

export async function findRetiredToken(
  session: Session,
  selector: number,
  tokenHash: Uint8Array,
): Promise<RetiredToken | null> {
  const row = await session.first<RetiredToken>(
    sql`SELECT good_until_ms AS goodUntilMs, seed FROM yaopai_retired_tokens
      WHERE bucket = ${bucketOf(selector)} AND selector = ${selector} AND token_hash = ${tokenHash}`,
  )
  return row ?? null
}
