import type { UserId } from '../../ids.ts'
import type { RetiredToken } from '../../records.ts'
import type { RenewalStart, TokenPromotion } from '../store.ts'
import { appendChange } from './changes.ts'
import { appendEvents } from './history.ts'
import { livesAt } from './rows.ts'
import { atSelector, type Sql, statement } from './sql.ts'
import type { Transaction } from './transaction.ts'

const NOTE_NEXT = statement(
  `UPDATE yaopai.sessions SET next_hash = $3, renewal_seed = $4, renewals = renewals + 1
    WHERE ${atSelector('$1')} AND token_hash = $2 AND next_hash IS NULL AND ${livesAt('$5')} RETURNING user_id AS "userId"`,
)
const LOCK_PENDING = statement(
  `SELECT user_id AS "userId" FROM yaopai.sessions
    WHERE ${atSelector('$1')} AND next_hash = $2 AND ${livesAt('$3')} FOR NO KEY UPDATE`,
)
const RETIRE = statement(
  `INSERT INTO yaopai.retired_tokens (bucket, selector, token_hash, seed, good_until_ms)
   SELECT bucket, selector, token_hash, renewal_seed, $2 FROM yaopai.sessions WHERE ${atSelector('$1')}`,
)
const PROMOTE = statement(
  `UPDATE yaopai.sessions SET token_hash = next_hash, next_hash = NULL, renewal_seed = NULL WHERE ${atSelector('$1')}`,
)
const SELECT_RETIRED = statement(
  `SELECT good_until_ms AS "goodUntilMs", seed FROM yaopai.retired_tokens WHERE ${atSelector('$1')} AND token_hash = $2`,
)

/** Of several at once the first one writes; the others wait for its row, judge it anew and find a token noted. */
export async function startRenewal(tx: Transaction, start: RenewalStart): Promise<boolean> {
  const { selector, tokenHash, nextHash, seed, atMs, events } = start
  const row = await tx.one<{ userId: UserId }>(NOTE_NEXT, selector, tokenHash, nextHash, seed, atMs)
  if (row === undefined) return tx.undo(false)
  await appendEvents(tx, events)
  await appendChange(tx, { atMs, userId: row.userId, selector })
  return true
}

/** The session's lock is taken first: what is retired is what its last holder left. */
export async function promoteToken(tx: Transaction, promotion: TokenPromotion): Promise<boolean> {
  const { selector, nextHash, goodUntilMs, atMs } = promotion
  const row = await tx.one<{ userId: UserId }>(LOCK_PENDING, selector, nextHash, atMs)
  if (row === undefined) return tx.undo(false)
  await tx.run(RETIRE, selector, goodUntilMs)
  await tx.run(PROMOTE, selector)
  await appendChange(tx, { atMs, userId: row.userId, selector })
  return true
}

export async function findRetiredToken(
  sql: Sql,
  selector: number,
  tokenHash: Uint8Array,
): Promise<RetiredToken | null> {
  return (await sql.one<RetiredToken>(SELECT_RETIRED, selector, tokenHash)) ?? null
}
