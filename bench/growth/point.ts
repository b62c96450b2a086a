/** What one store cost, measured in a process of its own with no cache of sessions. */
export interface GrowthPoint {
  readonly sessions: number
  /** Opening the store, its checks included. */
  readonly openMs: number
  /** CPU of one `authenticate()`, of one list of own sessions, of one login's facts and write. */
  readonly authenticateMicroseconds: number
  readonly listMicroseconds: number
  readonly loginMicroseconds: number
  /** Durable logins a second, 32 under way. */
  readonly loginsPerSecond: number
  /** Rows a second that the sweep forgets, and CPU of one, of both threads. */
  readonly sweptPerSecond: number
  readonly sweepMicroseconds: number
  /** By how much the serving thread was late at most while the sweep went on, and in as long a time without it. */
  readonly sweepStallMs: number
  readonly restStallMs: number
  /** The database for one session with its user, identity and login event. */
  readonly diskBytesPerSession: number
  /** Of the process after all reads; SQLite's page cache is bounded, so it does not grow with the store. */
  readonly residentMiB: number
}

/** Bytes on disk of a row, with what its table and indexes keep beside it. */
export interface TableSize {
  readonly table: string
  readonly bytesPerRow: number
}

export interface Growth {
  readonly points: readonly GrowthPoint[]
  readonly tables: readonly TableSize[]
}
