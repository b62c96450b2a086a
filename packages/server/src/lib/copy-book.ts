import type { Clock } from './clock.ts'
import { isAnyNodeRecent } from './nodes.ts'
import { NODES_NOTE } from './nodes-note.ts'
import {
  BOOK,
  type BookRow,
  type BookSource,
  type BookTable,
  type BookTarget,
  keyText,
  RowsDigest,
  rowText,
} from './store/book.ts'

const ROWS_A_PAGE = 1_000

export interface CopyOrder {
  readonly from: BookSource
  readonly to: BookTarget
  /** Where the servers are to look from now on, without a password; given with the last copy, when none runs on `from`. */
  readonly finishAs: string | null
  readonly clock: Clock
  readonly report?: (progress: CopyProgress) => void
  readonly signal?: AbortSignal
}

export interface CopyProgress {
  readonly phase: 'copying' | 'dropping' | 'verifying'
  readonly table: string
  readonly rows: number
  /** As many as there were at the beginning of the table. */
  readonly of: number
}

/** What became of one table. */
export interface CopiedTable {
  readonly table: string
  readonly rows: number
  /** Rows that were not there, or otherwise. */
  readonly written: number
  /** Rows that the source has no more. */
  readonly dropped: number
  readonly sha256: string
}

/** The target cannot take the copy, or does not hold what was written; the message has the cure. */
export class CopyError extends Error {
  override readonly name = 'CopyError'
}

/**
 * Makes `to` hold what `from` holds: writes what differs, drops what is too much, and reads all of it back. What a copy
 * before has brought over is not written again, so one that was broken off goes on by being run again, and the last one,
 * while no server runs, has little to do.
 * @throws CopyError when the target holds another book or a server runs on it, or what was read back is not what was written, or
 * the old book was written to during the last copy
 * @throws the signal's reason; what is there by then stays
 */
export async function copyBook(order: CopyOrder): Promise<readonly CopiedTable[]> {
  const { from, to, finishAs, clock } = order
  if (isAnyNodeRecent(await to.findNote(NODES_NOTE), clock.nowMs())) throw new CopyError(SERVED)
  if ((await to.claim(from.id)) === 'other') throw new CopyError(OTHER_BOOK)
  const copied = new Map<BookTable, Copied>()
  for (const table of BOOK) copied.set(table, await copyTable(order, table))
  const dropped = new Map<BookTable, number>()
  for (const table of [...BOOK].reverse()) dropped.set(table, await dropSurplus(order, table))
  const done: CopiedTable[] = []
  for (const table of BOOK) {
    const { digest, written } = copied.get(table) ?? { digest: new RowsDigest(), written: 0 }
    await verifyTable(order, table, digest)
    const facts = { rows: digest.count, written, dropped: dropped.get(table) ?? 0, sha256: String(digest) }
    done.push({ table: table.name, ...facts })
  }
  if (finishAs === null) return done
  // The old one first: between the two steps no server can run on either, and a second try goes on from here.
  if (!(await from.retire(finishAs))) throw new CopyError(WRITTEN_MEANWHILE)
  // With it a server on the new book refuses a master key that is not the old book's.
  await to.open({ name: NODES_NOTE, value: await from.findNote(NODES_NOTE) })
  return done
}

const SERVED =
  'A server runs on the database that --to names, or did within half a minute: stop it, wait as long, and copy again'

const OTHER_BOOK =
  'The database that --to names holds a book already: name an empty one. A copy that was broken off goes on only from ' +
  'the file that it began with, and a finished one is not overwritten'

const WRITTEN_MEANWHILE =
  'Something wrote to the old book while it was copied, such as yaopai sessions revoke: nothing is lost and nothing is ' +
  'finished; run this again, and let no other command run meanwhile'

interface Copied {
  readonly digest: RowsDigest
  readonly written: number
}

async function copyTable({ from, to, report, signal }: CopyOrder, table: BookTable): Promise<Copied> {
  const digest = new RowsDigest()
  const of = await from.count(table)
  let written = 0
  for await (const rows of pagesOf(from, table, signal)) {
    for (const row of rows) digest.add(table, row)
    const there = new Set((await to.find(table, rows)).map((row) => rowText(table, row)))
    const differing = rows.filter((row) => !there.has(rowText(table, row)))
    if (differing.length > 0) await to.put(table, differing)
    written += differing.length
    report?.({ phase: 'copying', table: table.name, rows: digest.count, of })
  }
  return { digest, written }
}

/** Rows that the source has lost since an earlier copy, by its sweep or an account that was closed. */
async function dropSurplus({ from, to, report, signal }: CopyOrder, table: BookTable): Promise<number> {
  const of = await to.count(table)
  if (of === (await from.count(table))) return 0
  let dropped = 0
  let rows = 0
  for await (const page of pagesOf(to, table, signal)) {
    const known = new Set((await from.find(table, page)).map((row) => keyText(table, row)))
    const surplus = page.filter((row) => !known.has(keyText(table, row)))
    if (surplus.length > 0) await to.drop(table, surplus)
    dropped += surplus.length
    rows += page.length
    report?.({ phase: 'dropping', table: table.name, rows, of })
  }
  return dropped
}

async function verifyTable(
  { to, report, signal }: CopyOrder,
  table: BookTable,
  wanted: RowsDigest,
): Promise<void> {
  const found = new RowsDigest()
  for await (const rows of pagesOf(to, table, signal)) {
    for (const row of rows) found.add(table, row)
    report?.({ phase: 'verifying', table: table.name, rows: found.count, of: wanted.count })
  }
  if (found.count === wanted.count && String(found) === String(wanted)) return
  throw new CopyError(
    `The table ${table.name} was copied and reads otherwise (${found.count} rows of ${wanted.count}): ` +
      'see that nothing else writes to the new database, then copy again',
  )
}

async function* pagesOf(
  book: Pick<BookSource, 'page'>,
  table: BookTable,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly BookRow[]> {
  let after: BookRow | null = null
  for (;;) {
    signal?.throwIfAborted()
    const rows: readonly BookRow[] = await book.page(table, after, ROWS_A_PAGE)
    if (rows.length > 0) yield rows
    if (rows.length < ROWS_A_PAGE) return
    after = rows.at(-1) ?? null
  }
}
