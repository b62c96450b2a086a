import { realpathSync, statSync } from 'node:fs'
import type { DatabaseTarget } from '../lib/config.ts'
import type { Store } from '../lib/store/store.ts'
import type { Telemetry } from '../lib/telemetry.ts'
import type { Metrics } from '../lib/telemetry-metrics.ts'

const LOOK_EVERY_MS = 10_000
/** Twice the length at which the log is cut off when readers leave a gap. */
const LONG_BYTES = 128 * 1024 * 1024

export interface WatchWalOptions {
  readonly telemetry: Pick<Telemetry, 'log'>
  readonly metrics: Pick<Metrics, 'watchWal'>
  readonly longBytes?: number
}

/**
 * Tells once when SQLite's log has become so long that only a reader can be the cause that never lets go, and once when
 * it is short again; its length is on the page of numbers. Other databases have none.
 * @returns the store, which ends it when it is closed
 */
export function watchWal(
  store: Store,
  database: DatabaseTarget,
  { telemetry, metrics, longBytes = LONG_BYTES }: WatchWalOptions,
): Store {
  if (database.kind !== 'sqlite') return store
  const wal = `${realpathSync(database.file)}-wal`
  const bytesNow = (): number => statSync(wal, { throwIfNoEntry: false })?.size ?? 0
  metrics.watchWal(bytesNow)
  let isLong = false
  const look = (): void => {
    const bytes = bytesNow()
    if (bytes > longBytes === isLong) return
    isLong = !isLong
    if (isLong) telemetry.log('warn', 'sqlite.log_long', { bytes, cure: CURE })
    else telemetry.log('info', 'sqlite.log_short', { bytes })
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  timer.unref()
  const close = (): Promise<void> => {
    clearInterval(timer)
    return store.close()
  }
  return { ...store, close }
}

const CURE = 'Another process reads the database in a transaction that does not end: end that one'
