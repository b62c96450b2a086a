import { type Clock, systemClock } from '../lib/clock.ts'
import type { Config } from '../lib/config.ts'
import { cacheSessions } from '../lib/store/cached/cached-store.ts'
import type { Store } from '../lib/store/store.ts'
import type { Telemetry } from '../lib/telemetry.ts'
import type { Metrics } from '../lib/telemetry-metrics.ts'

interface Parts {
  readonly telemetry: Telemetry
  readonly metrics: Metrics
  readonly options: { readonly clock?: Clock }
}

/** The store with a memory of sessions before it, where one is wanted; it begins to ask for changes at once. */
export function withMemory(store: Store, config: Config, { telemetry, metrics, options }: Parts): Store {
  if (config.sessionCacheEntries === 0) return store
  const cached = cacheSessions(store, {
    clock: options.clock ?? systemClock,
    maxEntries: config.sessionCacheEntries,
    onPollTurn: (failure) => {
      if (failure === null) telemetry.log('info', 'changes.asked_again')
      else
        telemetry.log('warn', 'changes.not_known', {
          message: failure instanceof Error ? failure.message : '',
        })
    },
  })
  metrics.watchCache(cached.cacheStats)
  cached.startPolling()
  return cached
}
