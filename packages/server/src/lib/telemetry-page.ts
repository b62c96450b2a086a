import process from 'node:process'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { type CacheNumbers, COUNTERS, type Tally, type Watched } from './telemetry-metrics.ts'

/** The answer of `GET /metrics`. */
export interface MetricsPage {
  text(
    tallies: ReadonlyMap<string, Tally>,
    watched: Watched,
  ): Promise<{ readonly contentType: string; readonly text: string }>
}

/** @param version of this package */
export function createMetricsPage({ version }: { readonly version: string }): MetricsPage {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'yaopai_' })
  const info = new Gauge({
    name: 'yaopai_build_info',
    help: 'Always 1; the labels say what runs',
    labelNames: ['version', 'node'],
    registers: [registry],
  })
  info.set({ version, node: process.version }, 1)
  const counters = new Map(
    Object.entries(COUNTERS).map(([name, row]) => [name, counterOf(name, row, registry)]),
  )
  const shown = new Set<unknown>()
  return {
    async text(tallies, { cache, walBytes }) {
      for (const [name, tally] of tallies)
        tally.flush((labels, count) => counters.get(name)?.inc(labels, count))
      if (cache !== null && !shown.has(cache)) showCache(registry, cache)
      if (walBytes !== null && !shown.has(walBytes)) showWal(registry, walBytes)
      shown.add(cache).add(walBytes)
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

function counterOf(
  name: string,
  { help, labels }: { readonly help: string; readonly labels: readonly string[] },
  registry: Registry,
): Counter {
  return new Counter({ name: `yaopai_${name}_total`, help, labelNames: [...labels], registers: [registry] })
}

function showWal(registry: Registry, bytesNow: () => number): void {
  new Gauge({
    name: 'yaopai_wal_bytes',
    help: "Length of SQLite's log; beyond 128 MiB a reader keeps it from being cut off",
    registers: [registry],
    collect() {
      this.set(bytesNow())
    },
  })
}

function showCache(registry: Registry, stats: () => CacheNumbers): void {
  const registers = [registry]
  new Counter({
    name: 'yaopai_session_cache_lookups_total',
    help: 'Looks at the memory of sessions: hit, miss (the store was read), stale (no change was asked for lately, the store was read)',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset()
      const { hits, misses, stale } = stats()
      for (const [outcome, count] of Object.entries({ hit: hits, miss: misses, stale }))
        this.inc({ outcome }, count)
    },
  })
  new Gauge({
    name: 'yaopai_session_cache_entries',
    help: 'Sessions that are remembered',
    registers,
    collect() {
      this.set(stats().entries)
    },
  })
  new Gauge({
    name: 'yaopai_changes_poll_age_seconds',
    help: 'Since the last completed question for changes began; from 1 on the memory is not used. -1 before the first',
    registers,
    collect() {
      const { pollAgeMs } = stats()
      this.set(pollAgeMs === null ? -1 : pollAgeMs / 1000)
    },
  })
}
