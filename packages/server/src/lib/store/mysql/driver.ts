/**
 * The part of `mysql2` that the store uses. It imports no driver: who opens the store brings what `createPool` gives,
 * made with `multipleStatements: true`.
 */
export interface MysqlPool {
  getConnection(callback: (error: Error | null, connection: MysqlConnection) => void): void
  end(callback: (error?: Error | null) => void): void
}

export interface MysqlConnection {
  /** Under this number the server knows the connection. */
  readonly threadId: number | null
  query(query: MysqlQuery, callback: (error: Error | null, results: unknown) => void): unknown
  /** Back into the pool. */
  release(): void
  /** Closes it; the pool makes another when it needs one. */
  destroy(): void
  /** Of a connection that breaks between two statements. */
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** One text of one or several statements, its values written into it by `sql`. */
export interface MysqlQuery {
  readonly sql: string
  readonly typeCast: (field: MysqlField, next: () => unknown) => unknown
}

/** A value of a row, in the text in which the server sends it. */
export interface MysqlField {
  readonly type: string
  readonly name: string
  string(encoding?: string): string | null
  buffer(): Buffer | null
}
