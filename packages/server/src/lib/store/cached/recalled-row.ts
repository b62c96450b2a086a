import type { UserId } from '../../ids.ts'
import type { StoredSession } from '../../records.ts'
import type { RecalledSession } from '../recalled-session.ts'
import type { SessionRows } from './session-rows.ts'

/** A session in a row of the table, as long as the row's stamp is the one that it had. */
export class RecalledRow implements RecalledSession {
  readonly #rows: SessionRows
  readonly #stamp: number
  readonly row: number
  readonly selector: number
  readonly userId: UserId
  readonly appid: string
  readonly idleSeconds: number
  readonly idleDeadlineMs: number
  readonly absoluteDeadlineMs: number

  constructor(rows: SessionRows, row: number) {
    this.#rows = rows
    this.#stamp = rows.stampOf(row)
    this.row = row
    this.selector = rows.selectorOf(row)
    this.userId = rows.userOf(row)
    this.appid = rows.appidOf(row)
    this.idleSeconds = rows.idleSecondsOf(row)
    this.idleDeadlineMs = rows.idleDeadlineMsOf(row)
    this.absoluteDeadlineMs = rows.absoluteDeadlineMsOf(row)
  }

  isIn(rows: SessionRows): boolean {
    return rows === this.#rows && rows.stampOf(this.row) === this.#stamp
  }

  isOfHash(hash: string): boolean {
    return this.isIn(this.#rows) && this.#rows.isOfHash(this.row, hash)
  }

  whole(): StoredSession {
    if (!this.isIn(this.#rows)) throw new Error('What was recalled is another session by now')
    return this.#rows.read(this.row)
  }
}
