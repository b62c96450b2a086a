import type { UserId } from '../../ids.ts'
import type { RetiredToken } from '../../records.ts'
import type { RenewalStart, TokenPromotion } from '../store.ts'
import type { SqliteDatabase } from './driver.ts'
import type { History } from './history.ts'
import { prepareQuery } from './query.ts'
import { LIVES_AT } from './rows.ts'

export interface Renewals {
  startRenewal(start: RenewalStart): boolean
  promoteToken(promotion: TokenPromotion): boolean
  findRetiredToken(selector: number, tokenHash: Uint8Array): RetiredToken | null
}

/** The writes are to be called in a write transaction. */
export function prepareRenewals(db: SqliteDatabase, history: History): Renewals {
  return { ...prepareStart(db, history), ...preparePromotion(db, history), ...prepareFind(db) }
}

function prepareStart(db: SqliteDatabase, history: History): Pick<Renewals, 'startRenewal'> {
  const noteNext = prepareQuery<{ user_id: UserId }>(
    db,
    `UPDATE sessions SET next_hash = ?, renewal_seed = ?, renewals = renewals + 1
      WHERE selector = ? AND token_hash = ? AND next_hash IS NULL AND ${LIVES_AT} RETURNING user_id`,
  )
  return {
    startRenewal({ selector, tokenHash, nextHash, seed, atMs, events }) {
      const row = noteNext.one(nextHash, seed, selector, tokenHash, atMs, atMs)
      if (row === undefined) return false
      history.appendEvents(events)
      history.appendChange(atMs, row.user_id, selector)
      return true
    },
  }
}

function preparePromotion(db: SqliteDatabase, history: History): Pick<Renewals, 'promoteToken'> {
  const retire = prepareQuery(
    db,
    `INSERT INTO retired_tokens (selector, token_hash, seed, good_until_ms)
     SELECT selector, token_hash, renewal_seed, ? FROM sessions
      WHERE selector = ? AND next_hash = ? AND ${LIVES_AT}`,
  )
  const promote = prepareQuery<{ user_id: UserId }>(
    db,
    `UPDATE sessions SET token_hash = next_hash, next_hash = NULL, renewal_seed = NULL
      WHERE selector = ? AND next_hash = ? RETURNING user_id`,
  )
  return {
    promoteToken({ selector, nextHash, goodUntilMs, atMs }) {
      if (retire.run(goodUntilMs, selector, nextHash, atMs, atMs) === 0) return false
      const row = promote.one(selector, nextHash)
      if (row === undefined) throw new Error('A token was retired and its successor not found')
      history.appendChange(atMs, row.user_id, selector)
      return true
    },
  }
}

function prepareFind(db: SqliteDatabase): Pick<Renewals, 'findRetiredToken'> {
  const select = prepareQuery<{ seed: Uint8Array | null; good_until_ms: number }>(
    db,
    'SELECT seed, good_until_ms FROM retired_tokens WHERE selector = ? AND token_hash = ?',
  )
  return {
    findRetiredToken(selector, tokenHash) {
      const row = select.one(selector, tokenHash)
      return row === undefined ? null : { goodUntilMs: row.good_until_ms, seed: row.seed }
    },
  }
}
