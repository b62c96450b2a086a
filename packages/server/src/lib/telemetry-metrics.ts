import process from 'node:process'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { CounterName, Telemetry } from './telemetry.ts'

/** What each counter counts, and the labels it has. Labels take few values: apps, outcomes, types. */
const COUNTERS: Readonly<Record<CounterName, { readonly help: string; readonly labels: readonly string[] }>> =
  {
    logins: { help: 'Logins by app and outcome: ok, or the code of the refusal', labels: ['app', 'outcome'] },
    wechat_exchanges: {
      help: "Exchanges of codes at WeChat by app and outcome: ok, WeChat's errcode, or the kind of failure",
      labels: ['app', 'outcome'],
    },
    authentications: {
      help: 'Tokens that were looked at, by outcome: ok, or the code of the refusal',
      labels: ['outcome'],
    },
    renewals: {
      help: 'Renewals by app and outcome: ok, again (the same token once more), kept (no more of them), or the code of the refusal',
      labels: ['app', 'outcome'],
    },
    open_data: { help: 'Open data that was checked, by app and outcome', labels: ['app', 'outcome'] },
    rate_limited: { help: 'Requests that were turned away by a limit, by route', labels: ['route'] },
    access_tokens: {
      help: "Questions to WeChat for an access token, by app and outcome: ok, WeChat's errcode, or the kind of failure",
      labels: ['app', 'outcome'],
    },
    redis_limits: {
      help: 'Counts of limits, by outcome: shared (with the other nodes), or alone (Redis was not there)',
      labels: ['outcome'],
    },
    events_dropped: { help: 'Lines of the history that could not be written, by type', labels: ['type'] },
  }

/** What the memory of sessions counts itself: it is asked too often for a counter with labels. */
interface CacheNumbers {
  readonly hits: number
  readonly misses: number
  readonly stale: number
  readonly entries: number
  readonly pollAgeMs: number | null
}

export interface Metrics {
  readonly count: Telemetry['count']
  /** From now on the page shows how the memory of sessions does. */
  watchCache(stats: () => CacheNumbers): void
  /** From now on the page shows how long SQLite's log is. */
  watchWal(bytesNow: () => number): void
  /** The answer of `GET /metrics`. */
  text(): Promise<{ readonly contentType: string; readonly text: string }>
}

/**
 * Numbers for dashboards, in Prometheus' text format: our counters, those of the process, and the version.
 * @param version of this package
 */
export function createMetrics({ version }: { readonly version: string }): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'yaopai_' })
  const info = new Gauge({
    name: 'yaopai_build_info',
    help: 'Always 1; the labels say what runs',
    labelNames: ['version', 'node'],
    registers: [registry],
  })
  info.set({ version, node: process.version }, 1)
  const tallies = new Map(
    Object.entries(COUNTERS).map(([name, row]) => [
      name,
      createTally(row.labels, counterOf(name, row, registry)),
    ]),
  )
  return {
    count: (name, labels) => tallies.get(name)?.add(labels),
    watchCache: (stats) => showCache(registry, stats),
    watchWal: (bytesNow) => showWal(registry, bytesNow),
    async text() {
      for (const tally of tallies.values()) tally.flush()
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

/** Counts in plain numbers, for it is done in every request; the counter hears of it when somebody looks. */
interface Tally {
  add(labels: Readonly<Record<string, string>>): void
  flush(): void
}

function createTally(names: readonly string[], counter: Counter): Tally {
  const rows = new Map<string, { readonly labels: Record<string, string>; count: number }>()
  return {
    add(labels) {
      const key = names.length === 1 ? labels[names[0] ?? ''] : names.map((name) => labels[name]).join('\0')
      const row = rows.get(key ?? '')
      if (row === undefined) rows.set(key ?? '', { labels: known(labels, names), count: 1 })
      else row.count += 1
    },
    flush() {
      for (const row of rows.values()) {
        if (row.count > 0) counter.inc(row.labels, row.count)
        row.count = 0
      }
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

/** A counter throws at labels that it does not know, and counting must not end a request. */
function known(labels: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, labels[name] ?? '']))
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
