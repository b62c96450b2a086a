import type { Clock } from '../../clock.ts'
import type { BookNote, BookRow, BookTable, BookTarget, BookValue } from '../book.ts'
import { BYTES, deviceObject, jsonForm } from '../sql/book-values.ts'
import { CLAIM_MARK } from '../sql/migrations.ts'
import type { MysqlConnections } from './connections.ts'
import { bucketOf, identityKeyOf, unionKeyOf } from './keys.ts'
import { findNote, swapNote } from './notes.ts'
import type { Session } from './session.ts'
import { joined, Query, type SqlValue, sql } from './sql.ts'
import type { Transaction } from './transaction.ts'

/** The book in this database, for a copy. Its tables are there and up to date. */
export function createMysqlTarget(connections: MysqlConnections, clock: Clock): BookTarget {
  return {
    count: (table) => connections.read((session) => count(session, table)),
    page: (table, after, limit) => connections.read((session) => page(session, table, after, limit)),
    find: (table, rows) => connections.read((session) => find(session, table, rows)),
    put: (table, rows) => connections.write(async (tx) => void (await tx.ask([insert(table, rows)]))),
    drop: (table, rows) => connections.write(async (tx) => void (await tx.ask([remove(table, rows)]))),
    claim: (sourceId) => connections.write((tx) => claim(tx, sourceId, clock.nowMs())),
    findNote: (name) => connections.read((session) => findNote(session, name)),
    open: (note) => connections.write((tx) => open(tx, note)),
    close: () => connections.close(),
  }
}

const LET_GO = sql`DELETE FROM yaopai_migrations WHERE name = ${CLAIM_MARK}`
const SELECT_CLAIM = sql`SELECT sha256 FROM yaopai_migrations WHERE name = ${CLAIM_MARK} FOR UPDATE`
const HAS_ROWS = sql`SELECT EXISTS (SELECT 1 FROM yaopai_users) OR EXISTS (SELECT 1 FROM yaopai_codes)
  OR EXISTS (SELECT 1 FROM yaopai_events) AS hasRows`

async function claim(session: Session, sourceId: string, nowMs: number): Promise<'claimed' | 'other'> {
  const claimed = await session.first<{ sha256: string }>(SELECT_CLAIM)
  if (claimed !== undefined) return claimed.sha256 === sourceId ? 'claimed' : 'other'
  const book = await session.first<{ hasRows: number }>(HAS_ROWS)
  if (book?.hasRows !== 0) return 'other'
  await session.ask([
    sql`INSERT IGNORE INTO yaopai_migrations (name, sha256, statements_done, begun_at_ms, applied_at_ms)
      VALUES (${CLAIM_MARK}, ${sourceId}, 0, ${nowMs}, ${nowMs})`,
  ])
  // Another copy may have been faster.
  const first = await session.first<{ sha256: string }>(SELECT_CLAIM)
  return first?.sha256 === sourceId ? 'claimed' : 'other'
}

async function open(tx: Transaction, { name, value }: BookNote): Promise<void> {
  await tx.ask([LET_GO])
  const expected = await findNote(tx, name)
  if (expected !== value) await swapNote(tx, { name, expected, value })
}

async function count(session: Session, table: BookTable): Promise<number> {
  const row = await session.first<{ n: number }>(sql`SELECT COUNT(*) AS n FROM ${nameOf(table)}`)
  return row?.n ?? 0
}

async function page(
  session: Session,
  table: BookTable,
  after: BookRow | null,
  limit: number,
): Promise<BookRow[]> {
  const key = names(keyOf(table))
  const where = after === null ? sql`` : sql`WHERE (${key}) > (${keyValues(table, after)})`
  const query = sql`SELECT ${selectList(table)} FROM ${nameOf(table)} ${where} ORDER BY ${key} LIMIT ${limit}`
  return (await session.rows<Readonly<Record<string, unknown>>>(query)).map((row) => rowOf(table, row))
}

async function find(session: Session, table: BookTable, rows: readonly BookRow[]): Promise<BookRow[]> {
  const query = sql`SELECT ${selectList(table)} FROM ${nameOf(table)} WHERE ${isOneOf(table, rows)}`
  return (await session.rows<Readonly<Record<string, unknown>>>(query)).map((row) => rowOf(table, row))
}

function insert(table: BookTable, rows: readonly BookRow[]): Query {
  const columns = [...derivedColumns(table), ...table.columns]
  const values = rows.map((row) => sql`(${columns.map((column) => cellOf(table, row, column))})`)
  const update = columns.map((column) => new Query(`${column} = VALUES(${column})`))
  return sql`INSERT INTO ${nameOf(table)} (${names(columns)}) VALUES ${joined(values)}
    ON DUPLICATE KEY UPDATE ${joined(update)}`
}

function remove(table: BookTable, rows: readonly BookRow[]): Query {
  return sql`DELETE FROM ${nameOf(table)} WHERE ${isOneOf(table, rows)}`
}

function isOneOf(table: BookTable, rows: readonly BookRow[]): Query {
  const keys = rows.map((row) => sql`(${keyValues(table, row)})`)
  return sql`(${names(keyOf(table))}) IN (${joined(keys)})`
}

function nameOf({ name }: BookTable): Query {
  return new Query(`yaopai_${name}`)
}

function names(columns: readonly string[]): Query {
  return new Query(columns.join(', '))
}

/** Columns that this database has beside those of a copy, and that follow from them. */
function derivedColumns({ name }: BookTable): readonly string[] {
  if (name === 'identities') return ['id_key', 'union_key']
  return name === 'sessions' || name === 'retired_tokens' ? ['bucket'] : []
}

function keyOf({ name, key }: BookTable): readonly string[] {
  if (name === 'identities') return ['id_key']
  return name === 'sessions' || name === 'retired_tokens' ? ['bucket', ...key] : key
}

function keyValues(table: BookTable, row: BookRow): readonly SqlValue[] {
  return keyOf(table).map((column) => cellOf(table, row, column))
}

function cellOf(table: BookTable, row: BookRow, column: string): SqlValue {
  if (column === 'bucket') return bucketOf(Number(row['selector']))
  if (column === 'id_key')
    return identityKeyOf({ platform: 'wechat', appid: textIn(row, 'appid'), openid: textIn(row, 'openid') })
  if (column === 'union_key')
    return unionKeyOf(textIn(row, 'union_scope'), row['unionid'] === null ? null : textIn(row, 'unionid'))
  const value = row[column] ?? null
  return column === 'device' && table.name === 'sessions' ? deviceObject(value) : value
}

function textIn(row: BookRow, column: string): string {
  return String(row[column] ?? '')
}

/** Bytes as digits, and JSON under another name: the store's own reading of values goes by the names of its columns. */
function selectList({ columns, json }: BookTable): Query {
  const parts = columns.map((column) => {
    if (BYTES.includes(column)) return `HEX(${column}) AS ${column}_hex`
    return json.includes(column) ? `${column} AS ${column}_text` : column
  })
  return new Query(parts.join(', '))
}

function rowOf({ columns, json }: BookTable, row: Readonly<Record<string, unknown>>): BookRow {
  const valueIn = (column: string): BookValue => {
    if (BYTES.includes(column)) return bytesOf(row[`${column}_hex`])
    if (json.includes(column)) return jsonForm(column, row[`${column}_text`])
    const value = row[column]
    return typeof value === 'string' || typeof value === 'number' ? value : null
  }
  return Object.fromEntries(columns.map((column) => [column, valueIn(column)]))
}

function bytesOf(digits: unknown): Uint8Array | null {
  return typeof digits === 'string' ? Buffer.from(digits, 'hex') : null
}
