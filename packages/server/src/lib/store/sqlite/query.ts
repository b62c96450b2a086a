import type { SqliteDatabase, SqliteStatement, SqlValue } from './driver.ts'

/** A statement that was prepared once, by hand. STRICT tables vouch for the shape of a row. */
export interface Query<Row> {
  one(...values: SqlValue[]): Row | undefined
  all(...values: SqlValue[]): Row[]
  /** How many rows it wrote. */
  run(...values: SqlValue[]): number
  /** Where nobody asks how many: the object in which the driver says so costs about a microsecond. */
  write(...values: SqlValue[]): void
}

export function prepareQuery<Row = never>(db: SqliteDatabase, sql: string): Query<Row> {
  return queryOf(db.prepare(sql))
}

/** The same with rows as arrays: a name for each value costs more than the value. */
export function prepareArrayQuery<Row extends readonly unknown[]>(
  db: SqliteDatabase,
  sql: string,
): Query<Row> {
  const statement = db.prepare(sql)
  statement.setReturnArrays(true)
  return queryOf(statement)
}

function queryOf<Row>(statement: SqliteStatement): Query<Row> {
  return {
    one(...values) {
      requireText(values)
      return statement.get(...values) as Row | undefined
    },
    all(...values) {
      requireText(values)
      return statement.all(...values) as Row[]
    },
    run(...values) {
      requireText(values)
      return Number(statement.run(...values).changes)
    },
    write(...values) {
      requireText(values)
      statement.get(...values)
    },
  }
}

const HALF_CHARACTER = /\p{Surrogate}/u

/** The driver would end a text at U+0000 and replace half characters, and so turn one key into another. */
function requireText(values: readonly SqlValue[]): void {
  for (const value of values) {
    if (typeof value !== 'string') continue
    if (value.includes('\0') || HALF_CHARACTER.test(value)) {
      throw new RangeError(
        'A text for the store holds U+0000 or half a character: refuse it where it comes in',
      )
    }
  }
}
