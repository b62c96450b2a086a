import { loadDriver, type SqliteDatabase, type SqliteDriver, type SqliteStatement } from '../driver.ts'

/** Called before each step that SQLite takes, with its SQL; what it throws is what SQLite would say. */
type OnStep = (sql: string) => void

/** The real SQLite, with somebody who looks on at every step and may step in. */
export function wrappedDriver(onStep: OnStep): SqliteDriver {
  const driver = loadDriver()
  return { open: (file) => wrapDatabase(driver.open(file), onStep) }
}

function wrapDatabase(db: SqliteDatabase, onStep: OnStep): SqliteDatabase {
  return {
    exec(sql) {
      onStep(sql)
      db.exec(sql)
    },
    prepare: (sql) => wrapStatement(db.prepare(sql), sql, onStep),
    close: () => db.close(),
  }
}

function wrapStatement(statement: SqliteStatement, sql: string, onStep: OnStep): SqliteStatement {
  return {
    run(...values) {
      onStep(sql)
      return statement.run(...values)
    },
    get(...values) {
      onStep(sql)
      return statement.get(...values)
    },
    all(...values) {
      onStep(sql)
      return statement.all(...values)
    },
    setReturnArrays: (isOn) => statement.setReturnArrays(isOn),
  }
}

/** An error as the driver throws it for a result code of SQLite. */
export function sqliteError(code: number, message: string): Error {
  return Object.assign(new Error(message), { code: 'ERR_SQLITE_ERROR', errcode: code, errstr: message })
}
