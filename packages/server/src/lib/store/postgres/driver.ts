/**
 * The part of `pg` that the store uses. It imports no driver: who opens the store brings a `Pool`, or what has the
 * shape of one.
 */
export interface PgPool {
  connect(): Promise<PgClient>
  /** Resolves when all connections are closed. */
  end(): Promise<void>
  /** Of a connection that breaks while nobody uses it. */
  on(event: 'error', listener: (error: Error) => void): unknown
}

export interface PgClient {
  query(query: PgQuery): Promise<PgResult | readonly PgResult[]>
  /** Back into the pool; with `true` the connection is closed instead. */
  release(destroy?: boolean): void
  /** Of a connection that breaks between two statements. */
  on(event: 'error', listener: (error: Error) => void): unknown
  removeListener(event: 'error', listener: (error: Error) => void): unknown
}

/** With a `name` it is prepared once on each connection; several statements in one text have neither name nor values. */
export interface PgQuery {
  readonly text: string
  readonly name?: string
  readonly values?: PgValue[]
  readonly types: PgTypes
}

export interface PgResult {
  readonly rows: unknown[]
  readonly rowCount: number | null
}

export type PgValue = null | boolean | number | string | Uint8Array | PgValue[]

export interface PgTypes {
  getTypeParser(typeId: number, format?: string): (text: string) => unknown
}

const BOOL = 16
const BYTEA = 17
const INT8 = 20
const INT4 = 23
const JSON_TEXT = 114

const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [BOOL]: (text) => text === 't',
  [BYTEA]: (text) => Buffer.from(text.slice('\\x'.length), 'hex'),
  [INT8]: Number,
  [INT4]: Number,
  [JSON_TEXT]: (text) => JSON.parse(text) as unknown,
}

/**
 * How values are read, whatever parsers the pool's owner has set for other uses: all our numbers are exact in a
 * JavaScript number, since they came out of one.
 */
export const OWN_TYPES: PgTypes = {
  getTypeParser: (typeId) => PARSERS[typeId] ?? ((text) => text),
}
