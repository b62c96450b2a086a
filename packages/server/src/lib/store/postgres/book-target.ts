import type { Clock } from '../../clock.ts'
import type { BookNote, BookRow, BookTable, BookTarget, BookValue } from '../book.ts'
import { BYTES, deviceObject, jsonForm } from '../sql/book-values.ts'
import { CLAIM_MARK } from '../sql/migrations.ts'
import type { PostgresConnections } from './connections.ts'
import type { PgValue } from './driver.ts'
import { findNote, swapNote } from './notes.ts'
import { type Sql, statement } from './sql.ts'
import type { Transaction } from './transaction.ts'

const BUCKETS = 256
/** Tables that lie in buckets by their selector. */
const BUCKETED: readonly string[] = ['sessions', 'retired_tokens']

const SELECT_CLAIM = statement('SELECT sha256 FROM yaopai.migrations WHERE name = $1')
const CLAIM = statement(
  'INSERT INTO yaopai.migrations (name, sha256, applied_at_ms) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING',
)
const LET_GO = statement('DELETE FROM yaopai.migrations WHERE name = $1')
const HAS_ROWS = statement(
  `SELECT EXISTS (SELECT 1 FROM yaopai.users) OR EXISTS (SELECT 1 FROM yaopai.codes)
    OR EXISTS (SELECT 1 FROM yaopai.events) AS "hasRows"`,
)

/** The book in this database, for a copy. Its tables are there and up to date. */
export function createPostgresTarget(connections: PostgresConnections, clock: Clock): BookTarget {
  return {
    count: (table) => connections.read((sql) => count(sql, table)),
    page: (table, after, limit) => connections.read((sql) => page(sql, table, after, limit)),
    find: (table, rows) => connections.read((sql) => find(sql, table, rows)),
    put: (table, rows) => connections.write((tx) => put(tx, table, rows)),
    drop: (table, rows) => connections.write((tx) => drop(tx, table, rows)),
    claim: (sourceId) => connections.write((tx) => claim(tx, sourceId, clock.nowMs())),
    findNote: (name) => connections.read((sql) => findNote(sql, name)),
    open: (note) => connections.write((tx) => open(tx, note)),
    close: () => connections.close(),
  }
}

async function claim(sql: Sql, sourceId: string, nowMs: number): Promise<'claimed' | 'other'> {
  const claimed = await sql.one<{ sha256: string }>(SELECT_CLAIM, CLAIM_MARK)
  if (claimed !== undefined) return claimed.sha256 === sourceId ? 'claimed' : 'other'
  const book = await sql.one<{ hasRows: boolean }>(HAS_ROWS)
  if (book?.hasRows !== false) return 'other'
  await sql.run(CLAIM, CLAIM_MARK, sourceId, nowMs)
  // Another copy may have been faster.
  const first = await sql.one<{ sha256: string }>(SELECT_CLAIM, CLAIM_MARK)
  return first?.sha256 === sourceId ? 'claimed' : 'other'
}

async function open(tx: Transaction, { name, value }: BookNote): Promise<void> {
  await tx.run(LET_GO, CLAIM_MARK)
  const expected = await findNote(tx, name)
  if (expected !== value) await swapNote(tx, { name, expected, value })
}

async function count(sql: Sql, { name }: BookTable): Promise<number> {
  const row = await sql.one<{ n: number }>(statement(`SELECT count(*) AS n FROM yaopai.${name}`))
  return row?.n ?? 0
}

async function page(sql: Sql, table: BookTable, after: BookRow | null, limit: number): Promise<BookRow[]> {
  const key = keyOf(table)
  const marks = key.map((_column, at) => `$${at + 2}`).join(', ')
  const where = after === null ? '' : `WHERE (${key.join(', ')}) > (${marks})`
  const text = `SELECT ${selectList(table)} FROM yaopai.${table.name} ${where} ORDER BY ${key.join(', ')} LIMIT $1`
  const values = after === null ? [] : key.map((column) => cellOf(table, after, column))
  return (await sql.all<BookRow>(statement(text), limit, ...values)).map((row) => inOneForm(table, row))
}

async function find(sql: Sql, table: BookTable, rows: readonly BookRow[]): Promise<BookRow[]> {
  const text = `SELECT ${selectList(table)} FROM yaopai.${table.name}
    WHERE (${keyOf(table).join(', ')}) IN (SELECT * FROM ${unnest(table, keyOf(table))})`
  const found = await sql.all<BookRow>(statement(text), ...columnsOf(table, keyOf(table), rows))
  return found.map((row) => inOneForm(table, row))
}

async function put(sql: Sql, table: BookTable, rows: readonly BookRow[]): Promise<void> {
  const key = keyOf(table)
  const columns = allColumns(table)
  const others = columns.filter((column) => !key.includes(column))
  const update = others.map((column) => `${column} = excluded.${column}`).join(', ')
  const picked = columns
    .map((column) => (table.json.includes(column) ? `${column}::json` : column))
    .join(', ')
  const text = `INSERT INTO yaopai.${table.name} (${columns.join(', ')})
    SELECT ${picked} FROM ${unnest(table, columns)} ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${update}`
  await sql.run(statement(text), ...columnsOf(table, columns, rows))
}

async function drop(sql: Sql, table: BookTable, rows: readonly BookRow[]): Promise<void> {
  const key = keyOf(table)
  const text = `DELETE FROM yaopai.${table.name} WHERE (${key.join(', ')}) IN (SELECT * FROM ${unnest(table, key)})`
  await sql.run(statement(text), ...columnsOf(table, key, rows))
}

function keyOf({ name, key }: BookTable): readonly string[] {
  return BUCKETED.includes(name) ? ['bucket', ...key] : key
}

function allColumns({ name, columns }: BookTable): readonly string[] {
  return BUCKETED.includes(name) ? ['bucket', ...columns] : columns
}

function selectList({ columns, json }: BookTable): string {
  return columns.map((column) => (json.includes(column) ? `${column}::text AS ${column}` : column)).join(', ')
}

/** Rows as one array a column: as many rows as there are, in one statement that is prepared once. */
function unnest({ name }: BookTable, columns: readonly string[]): string {
  const arrays = columns.map((column, at) => `$${at + 1}::${typeOf(column)}[]`).join(', ')
  return `unnest(${arrays}) AS ${name}_rows (${columns.join(', ')})`
}

const NUMBERS = /(_ms|_seconds)$|^(bucket|selector|version|renewals)$/

function typeOf(column: string): string {
  if (column === 'is_new') return 'boolean'
  if (BYTES.includes(column)) return 'bytea'
  return NUMBERS.test(column) ? 'bigint' : 'text'
}

function columnsOf(table: BookTable, columns: readonly string[], rows: readonly BookRow[]): PgValue[] {
  return columns.map((column) => rows.map((row) => cellOf(table, row, column)))
}

function cellOf(table: BookTable, row: BookRow, column: string): PgValue {
  if (column === 'bucket') return Number(row['selector']) % BUCKETS
  const value = row[column] ?? null
  if (column === 'is_new') return value === 1
  return column === 'device' && table.name === 'sessions' ? deviceObject(value) : value
}

function inOneForm(table: BookTable, row: BookRow): BookRow {
  const entries = table.columns.map((column): [string, BookValue] => [
    column,
    formOf(table, column, row[column]),
  ])
  return Object.fromEntries(entries)
}

function formOf(table: BookTable, column: string, value: BookValue | boolean | undefined): BookValue {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string' || !table.json.includes(column)) return value ?? null
  return jsonForm(column, value)
}
