import { createHash } from 'node:crypto'

/**
 * The book as rows, for moving a whole one from one database to another. The port (`store.ts`) has no verb for that on
 * purpose: nothing but `yaopai store copy` may write a row that no login has made.
 */

export type BookValue = null | number | string | Uint8Array
export type BookRow = Readonly<Record<string, BookValue>>

export interface BookTable {
  readonly name: string
  /** Columns of the primary key, in its order. */
  readonly key: readonly string[]
  /** All columns, with those of the key. */
  readonly columns: readonly string[]
  /** Columns whose text is JSON, compared and written in one form whatever the database made of it. */
  readonly json: readonly string[]
}

/**
 * What is copied, parents before what refers to them. Not `changes` and `notes`, which speak to nodes of the old
 * database alone (but for one note, see `BookTarget.open`), nor what a database keeps about itself.
 */
export const BOOK: readonly BookTable[] = [
  table(
    'users',
    ['id'],
    ['nickname', 'avatar_url', 'phone', 'created_at_ms', 'banned_at_ms', 'closed_at_ms'],
  ),
  table(
    'identities',
    ['platform', 'appid', 'openid'],
    ['user_id', 'unionid', 'union_scope', 'key_ring', 'created_at_ms', 'version'],
    ['key_ring'],
  ),
  table(
    'sessions',
    ['selector'],
    [
      ...['token_hash', 'user_id', 'platform', 'appid', 'openid', 'device', 'created_at_ms', 'idle_seconds'],
      ...['idle_deadline_ms', 'absolute_deadline_ms', 'ended_at_ms', 'end_reason'],
      ...['next_hash', 'renewal_seed', 'renewals'],
    ],
    ['device'],
  ),
  table('retired_tokens', ['selector', 'token_hash'], ['seed', 'good_until_ms']),
  table('codes', ['hash'], ['selector', 'used_at_ms', 'seed', 'is_new', 'forget_after_ms']),
  table('open_data', ['hash'], ['forget_after_ms']),
  table(
    'events',
    ['id'],
    ['at_ms', 'type', 'appid', 'user_id', 'session_id', 'request_id', 'ip', 'facts'],
    ['facts'],
  ),
]

function table(name: string, key: string[], others: string[], json: string[] = []): BookTable {
  return { name, key, columns: [...key, ...others], json }
}

export interface BookNote {
  readonly name: string
  /** None, where there is none. */
  readonly value: string | null
}

/** A book that is read, all pages of it as it stood at one moment. */
export interface BookSource {
  /** Tells this book from all others, and stays the same as long as it lives. */
  readonly id: string
  count(table: BookTable): Promise<number>
  /** In the order of the key, after that row. */
  page(table: BookTable, after: BookRow | null, limit: number): Promise<readonly BookRow[]>
  find(table: BookTable, rows: readonly BookRow[]): Promise<readonly BookRow[]>
  findNote(name: string): Promise<string | null>
  /**
   * From now on no server opens it any more: its message names the place. False: it has been written to since the moment
   * that is read here, and nothing was done.
   */
  retire(movedTo: string): Promise<boolean>
  close(): Promise<void>
}

/** A book that is written. Until `open` no server runs on it. */
export interface BookTarget {
  count(table: BookTable): Promise<number>
  page(table: BookTable, after: BookRow | null, limit: number): Promise<readonly BookRow[]>
  find(table: BookTable, rows: readonly BookRow[]): Promise<readonly BookRow[]>
  /** In place of rows with the same key. */
  put(table: BookTable, rows: readonly BookRow[]): Promise<void>
  drop(table: BookTable, rows: readonly BookRow[]): Promise<void>
  findNote(name: string): Promise<string | null>
  /** Marks it as a copy of that book that is not finished. `other`: it holds a book of its own, or a copy of another. */
  claim(sourceId: string): Promise<'claimed' | 'other'>
  /** The copy is finished: it gets that note, and servers may run on it. */
  open(note: BookNote): Promise<void>
  close(): Promise<void>
}

/** A row as text that is the same for the same row, whatever database it comes from. */
export function rowText(table: BookTable, row: BookRow): string {
  return JSON.stringify(table.columns.map((column) => valueText(row[column] ?? null)))
}

/** Within one table. */
export function keyText(table: BookTable, row: BookRow): string {
  return JSON.stringify(table.key.map((column) => valueText(row[column] ?? null)))
}

function valueText(value: BookValue): string | number | null {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
}

/** Sums up rows in any order: two tables with the same digest and count hold the same rows. */
export class RowsDigest {
  readonly #sum = Buffer.alloc(32)
  #count = 0

  get count(): number {
    return this.#count
  }

  add(table: BookTable, row: BookRow): void {
    const digest = createHash('sha256').update(rowText(table, row)).digest()
    for (const [at, byte] of digest.entries()) this.#sum[at] = (this.#sum[at] ?? 0) ^ byte
    this.#count += 1
  }

  toString(): string {
    return this.#sum.toString('hex')
  }
}

/**
 * JSON in one form: keys in order, and a device of which nothing is known as null. MySQL sorts keys by itself, PostgreSQL
 * keeps a device as an object, SQLite as a list.
 */
export function sameJson(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(sorted(value))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries: [string, unknown][] = Object.entries(value).map(([key, part]) => [key, sorted(part)])
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
