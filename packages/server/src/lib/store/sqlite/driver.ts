import { createRequire } from 'node:module'
import process from 'node:process'

export type SqlValue = null | number | string | Uint8Array

/** The part of node:sqlite's API that the store needs. */
export interface SqliteStatement {
  run(...values: SqlValue[]): { readonly changes: number | bigint }
  get(...values: SqlValue[]): unknown
  all(...values: SqlValue[]): unknown[]
  /** Rows as arrays, in the order of the columns. */
  setReturnArrays(isOn: boolean): void
}

export interface SqliteDatabase {
  exec(sql: string): void
  prepare(sql: string): SqliteStatement
  close(): void
}

export interface SqliteDriver {
  open(file: string): SqliteDatabase
}

/** Older ones lose writes when a checkpoint meets a WAL reset (the fault mended in 3.51.3). */
export const OLDEST_SQLITE = '3.51.3'

/** Node's own SQLite where it is recent enough, else the package that carries its own. */
export function loadDriver(): SqliteDriver {
  const ownVersion: string | undefined = process.versions['sqlite']
  const module = ownVersion !== undefined && isRecentSqlite(ownVersion) ? nodeSqlite() : packagedSqlite()
  const { DatabaseSync } = module
  return { open: (file) => new DatabaseSync(file, { timeout: 0 }) }
}

export function isRecentSqlite(version: string): boolean {
  return compareVersions(version, OLDEST_SQLITE) >= 0
}

interface SqliteModule {
  readonly DatabaseSync: new (file: string, options: { readonly timeout: number }) => SqliteDatabase
}

/** Node warns of its experiment when the module is loaded; users of the server cannot act on that. */
function nodeSqlite(): SqliteModule {
  const { emitWarning } = process
  process.emitWarning = () => undefined
  try {
    return asSqliteModule(process.getBuiltinModule('node:sqlite'))
  } finally {
    process.emitWarning = emitWarning
  }
}

/** Loaded only where it is needed: its binary has no business in a process that has SQLite already. */
function packagedSqlite(): SqliteModule {
  return asSqliteModule(createRequire(import.meta.url)('@photostructure/sqlite'))
}

function asSqliteModule(module: unknown): SqliteModule {
  const isOne = typeof module === 'object' && module !== null && 'DatabaseSync' in module
  if (!isOne || typeof module.DatabaseSync !== 'function') {
    throw new Error('The SQLite module has no DatabaseSync: install the dependencies again with npm ci')
  }
  return module as SqliteModule
}

function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number)
  const right = b.split('.').map(Number)
  const differing = left.findIndex((part, place) => part !== right[place])
  return differing === -1 ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0)
}
