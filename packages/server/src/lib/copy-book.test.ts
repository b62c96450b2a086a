import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CopyProgress, copyBook } from './copy-book.ts'
import {
  type BookNote,
  type BookRow,
  type BookSource,
  type BookTable,
  type BookTarget,
  keyText,
} from './store/book.ts'

const NOW_MS = 1_800_000_000_000
const clock = { nowMs: () => NOW_MS }

/** A book in memory: both ends of a copy. */
class Shelf implements BookSource, BookTarget {
  readonly id: string
  readonly tables = new Map<string, Map<string, BookRow>>()
  readonly notes = new Map<string, string | null>()
  claimedBy: string | null = null
  isOpen = false
  movedTo: string | null = null
  puts = 0
  isWrittenMeanwhile = false
  /** Called before each write: to break off, or to meddle. */
  onPut: () => void = () => undefined

  constructor(id: string) {
    this.id = id
  }

  rows(name: string): Map<string, BookRow> {
    const rows = this.tables.get(name) ?? new Map<string, BookRow>()
    this.tables.set(name, rows)
    return rows
  }

  rowAt(name: string, key: string): BookRow {
    return this.rows(name).get(key) ?? {}
  }

  set(table: BookTable | 'users', row: BookRow): void {
    const name = table === 'users' ? table : table.name
    const key = table === 'users' ? JSON.stringify([row['id']]) : keyText(table, row)
    this.rows(name).set(key, row)
  }

  async count({ name }: BookTable): Promise<number> {
    return this.rows(name).size
  }

  async page(table: BookTable, after: BookRow | null, limit: number): Promise<BookRow[]> {
    const keys = [...this.rows(table.name).keys()].sort()
    const from = after === null ? 0 : keys.findIndex((key) => key > keyText(table, after))
    if (from === -1) return []
    return keys.slice(from, from + limit).map((key) => this.rowAt(table.name, key))
  }

  async find(table: BookTable, rows: readonly BookRow[]): Promise<BookRow[]> {
    const keys = rows.map((row) => keyText(table, row)).filter((key) => this.rows(table.name).has(key))
    return keys.map((key) => this.rowAt(table.name, key))
  }

  async put(table: BookTable, rows: readonly BookRow[]): Promise<void> {
    this.onPut()
    this.puts += rows.length
    for (const row of rows) this.set(table, row)
  }

  async drop(table: BookTable, rows: readonly BookRow[]): Promise<void> {
    for (const row of rows) this.rows(table.name).delete(keyText(table, row))
  }

  async claim(sourceId: string): Promise<'claimed' | 'other'> {
    if (this.claimedBy === null && [...this.tables.values()].every((rows) => rows.size === 0))
      this.claimedBy = sourceId
    return this.claimedBy === sourceId ? 'claimed' : 'other'
  }

  async findNote(name: string): Promise<string | null> {
    return this.notes.get(name) ?? null
  }

  async open({ name, value }: BookNote): Promise<void> {
    this.notes.set(name, value)
    this.claimedBy = null
    this.isOpen = true
  }

  async retire(movedTo: string): Promise<boolean> {
    if (this.isWrittenMeanwhile) return false
    this.movedTo = movedTo
    return true
  }

  async close(): Promise<void> {}
}

function user(n: number, nickname = 'alice'): BookRow {
  const id = `usr_${String(n).padStart(16, '0')}`
  return {
    id,
    nickname,
    avatar_url: null,
    phone: null,
    created_at_ms: n,
    banned_at_ms: null,
    closed_at_ms: null,
  }
}

function shelves(users: number): { from: Shelf; to: Shelf } {
  const from = new Shelf('a')
  for (let n = 0; n < users; n += 1) from.set('users', user(n))
  return { from, to: new Shelf('b') }
}

test('a copy brings all rows over page by page, tells of it, and leaves the old book as it was', async () => {
  const { from, to } = shelves(2_500)
  const told: CopyProgress[] = []
  const [users] = await copyBook({
    clock,
    from,
    to,
    finishAs: null,
    report: (progress) => told.push(progress),
  })
  assert.deepEqual([users?.rows, users?.written, users?.dropped], [2_500, 2_500, 0])
  assert.deepEqual(to.rows('users'), from.rows('users'))
  assert.deepEqual(
    told
      .filter(({ phase, table }) => phase === 'copying' && table === 'users')
      .map(({ rows, of }) => [rows, of]),
    [1_000, 2_000, 2_500].map((rows) => [rows, 2_500]),
  )
  assert.deepEqual([from.movedTo, to.isOpen, to.claimedBy], [null, false, 'a'])
})

test('a copy that was broken off goes on, and writes only what is not there yet', async () => {
  const { from, to } = shelves(3_000)
  to.onPut = () => {
    if (to.puts >= 2_000) throw new Error('The network is gone')
  }
  await assert.rejects(copyBook({ clock, from, to, finishAs: null }), /network is gone/)
  assert.equal(to.rows('users').size, 2_000)
  to.onPut = () => undefined
  const [users] = await copyBook({ clock, from, to, finishAs: null })
  assert.equal(users?.written, 1_000)
  assert.deepEqual(to.rows('users'), from.rows('users'))
})

test('what the living book has changed and lost since the first copy follows with the last one', async () => {
  const { from, to } = shelves(1_500)
  await copyBook({ clock, from, to, finishAs: null })
  from.set('users', user(7, 'bob'))
  from.set('users', user(9_999))
  from.rows('users').delete(JSON.stringify([user(3)['id']]))
  const [users] = await copyBook({ clock, from, to, finishAs: 'postgres://db.example/yaopai' })
  assert.deepEqual([users?.rows, users?.written, users?.dropped], [1_500, 2, 1])
  assert.deepEqual(to.rows('users'), from.rows('users'))
  assert.deepEqual([from.movedTo, to.isOpen], ['postgres://db.example/yaopai', true])
})

test('a database with another book, a finished copy too, is not touched', async () => {
  const { from, to } = shelves(3)
  to.set('users', user(1, 'somebody else'))
  const before = new Map(to.rows('users'))
  await assert.rejects(
    copyBook({ clock, from, to, finishAs: null }),
    /holds a book already: name an empty one/,
  )
  assert.deepEqual(to.rows('users'), before)
  const fresh = new Shelf('c')
  await copyBook({ clock, from, to: fresh, finishAs: 'x' })
  await assert.rejects(copyBook({ clock, from, to: fresh, finishAs: 'x' }), { name: 'CopyError' })
})

test('rows that read otherwise than they were written are told by count and checksum, and nothing is finished', async () => {
  const { from, to } = shelves(10)
  const find = to.page.bind(to)
  to.page = async (table, after, limit) =>
    (await find(table, after, limit)).map((row) =>
      row['created_at_ms'] === 4 ? { ...row, nickname: 'x' } : row,
    )
  await assert.rejects(
    copyBook({ clock, from, to, finishAs: 'x' }),
    /table users was copied and reads otherwise/,
  )
  assert.deepEqual([from.movedTo, to.isOpen], [null, false])
})

test('an old book that something wrote to during the last copy stays the book, and the new one closed', async () => {
  const { from, to } = shelves(3)
  from.isWrittenMeanwhile = true
  await assert.rejects(copyBook({ clock, from, to, finishAs: 'x' }), {
    name: 'CopyError',
    message: /wrote to the old book .*run this again/,
  })
  assert.deepEqual([from.movedTo, to.isOpen, to.claimedBy], [null, false, 'a'])
})

test('who breaks off keeps what is there by then', async () => {
  const { from, to } = shelves(3_000)
  const abort = new AbortController()
  to.onPut = () => {
    if (to.puts === 1_000) abort.abort(new Error('Ctrl-C'))
  }
  await assert.rejects(copyBook({ clock, from, to, finishAs: null, signal: abort.signal }), /Ctrl-C/)
  assert.equal(to.rows('users').size, 2_000)
})

/** What a server that was given this master key leaves in its book. */
function nodesNote(seenAtMs: number): string {
  return JSON.stringify([{ id: 'a', seenAtMs, appids: ['wx1'], keys: [{ kid: 'k1', print: 'ab12' }] }])
}

test('the new book knows the keys of the old one, so that a server with another key does not start on it', async () => {
  const { from, to } = shelves(3)
  from.notes.set('nodes', nodesNote(NOW_MS - 1_000)).set('token', 'speaks to nodes of the old book alone')
  await copyBook({ from, to, finishAs: null, clock })
  assert.equal(to.notes.size, 0)
  await copyBook({ from, to, finishAs: 'x', clock })
  assert.deepEqual([...to.notes], [['nodes', from.notes.get('nodes')]])
})

test('a database on which a server runs is not copied to, however empty it is', async () => {
  const { from, to } = shelves(3)
  to.notes.set('nodes', nodesNote(NOW_MS - 29_999))
  await assert.rejects(copyBook({ from, to, finishAs: null, clock }), {
    name: 'CopyError',
    message: /A server runs on the database that --to names.*stop it/,
  })
  assert.deepEqual([to.claimedBy, to.puts], [null, 0])
  to.notes.set('nodes', nodesNote(NOW_MS - 30_000))
  await copyBook({ from, to, finishAs: 'x', clock })
  assert.deepEqual([to.isOpen, to.notes.get('nodes')], [true, null])
})
