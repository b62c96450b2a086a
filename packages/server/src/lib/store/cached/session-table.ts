import type { UserId } from '../../ids.ts'
import type { StoredSession } from '../../records.ts'
import type { RecalledSession } from '../recalled-session.ts'
import { RecalledRow } from './recalled-row.ts'
import { RowIndex } from './row-index.ts'
import type { SessionMemory } from './session-memory.ts'
import { fitsRow, SessionRows } from './session-rows.ts'

/**
 * At most so many sessions, in less than 200 bytes each and nearly nothing for a garbage collection to look at. Who has
 * not been asked for since the hand passed last gives way. Only sessions that live are remembered.
 * @param maxEntries a whole number from 1 on
 */
export function createSessionTable(maxEntries: number): SessionMemory {
  return new SessionTable(maxEntries)
}

class SessionTable implements SessionMemory {
  readonly #maxEntries: number
  readonly #rows: SessionRows
  readonly #index: RowIndex
  /** First row of each user, by the hash of the id; the rows are chained. */
  readonly #users: Uint32Array
  #used = 0
  #hand = 0
  /** Rows that were dropped, to be used again first. */
  #gaps: number[] = []

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries
    this.#rows = new SessionRows(maxEntries)
    this.#index = new RowIndex(maxEntries, (row) => this.#rows.selectorOf(row))
    this.#users = new Uint32Array(2 ** Math.ceil(Math.log2(maxEntries + 1)))
  }

  get size(): number {
    return this.#used - this.#gaps.length
  }

  get(selector: number): StoredSession | null {
    const row = this.#index.find(selector)
    if (row === 0) return null
    this.#rows.noteAsked(row, true)
    return this.#rows.read(row)
  }

  recall(selector: number): RecalledSession | null {
    const row = this.#index.find(selector)
    if (row === 0) return null
    this.#rows.noteAsked(row, true)
    return new RecalledRow(this.#rows, row)
  }

  isHere(recalled: RecalledSession): boolean {
    if (!(recalled instanceof RecalledRow) || !recalled.isIn(this.#rows)) return false
    this.#rows.noteAsked(recalled.row, true)
    return true
  }

  put(session: StoredSession): void {
    this.drop(session.selector)
    if (!fitsRow(session)) return
    const row = this.#freeRow()
    if (!this.#rows.write(row, session)) {
      this.#gaps.push(row)
      return
    }
    this.#index.add(session.selector, row)
    const chain = this.#chainOf(session.userId)
    this.#rows.linkOfUser(row, this.#users[chain] ?? 0)
    this.#users[chain] = row
  }

  drop(selector: number): void {
    const row = this.#index.find(selector)
    if (row === 0) return
    this.#remove(row)
    this.#gaps.push(row)
  }

  dropUser(userId: UserId): void {
    let row = this.#users[this.#chainOf(userId)] ?? 0
    while (row !== 0) {
      const next = this.#rows.nextOfUser(row)
      if (this.#rows.isOfUser(row, userId)) this.drop(this.#rows.selectorOf(row))
      row = next
    }
  }

  /** Memory that nobody has written to is not touched: untouched, the system need not give it. */
  clear(): void {
    if (this.#used === 0) return
    this.#rows.clear(this.#used)
    this.#index.clear()
    this.#users.fill(0)
    this.#used = 0
    this.#hand = 0
    this.#gaps = []
  }

  #freeRow(): number {
    const gap = this.#gaps.pop()
    if (gap !== undefined) return gap
    if (this.#used < this.#maxEntries) {
      this.#used += 1
      return this.#used
    }
    return this.#evict()
  }

  /** All rows are in use. The hand takes the mark off who was asked for, and takes who has none. */
  #evict(): number {
    for (;;) {
      this.#hand = (this.#hand % this.#maxEntries) + 1
      const row = this.#hand
      if (this.#rows.takeMark(row)) continue
      this.drop(this.#rows.selectorOf(row))
      return this.#gaps.pop() ?? row
    }
  }

  #remove(row: number): void {
    this.#index.remove(this.#rows.selectorOf(row))
    this.#unlink(row)
    this.#rows.erase(row)
  }

  #unlink(row: number): void {
    const chain = this.#chainOf(this.#rows.userOf(row))
    const next = this.#rows.nextOfUser(row)
    let before = this.#users[chain] ?? 0
    if (before === row) {
      this.#users[chain] = next
      return
    }
    while (before !== 0 && this.#rows.nextOfUser(before) !== row) before = this.#rows.nextOfUser(before)
    if (before !== 0) this.#rows.linkOfUser(before, next)
  }

  #chainOf(userId: UserId): number {
    let hash = 0
    for (let place = 4; place < userId.length; place += 1)
      hash = Math.imul(hash ^ userId.charCodeAt(place), 0x0100_0193)
    return (hash ^ (hash >>> 15)) & (this.#users.length - 1)
  }
}
