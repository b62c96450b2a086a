import { loadSoon } from './load-soon.ts'
import type { CounterName, Telemetry } from './telemetry.ts'
import type { MetricsPage } from './telemetry-page.ts'

interface CounterRow {
  readonly help: string
  readonly labels: readonly string[]
}

/** What each counter counts, and the labels it has. Labels take few values: apps, outcomes, types. */
export const COUNTERS: Readonly<Record<CounterName, CounterRow>> = {
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
export interface CacheNumbers {
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
 * Numbers for dashboards, in Prometheus' text format: our counters, those of the process, and the version. What makes the
 * page is loaded after the start, and begins when it is first asked for: what the process tells of its own event loop and
 * garbage collections is told from then on.
 * @param version of this package
 */
export function createMetrics({ version }: { readonly version: string }): Metrics {
  const tallies = new Map(
    Object.entries(COUNTERS).map(([name, { labels }]) => [name, createTally(labels)] as const),
  )
  const watched: Watched = { cache: null, walBytes: null }
  const loadPage = loadSoon(() => import('./telemetry-page.ts'))
  let page: MetricsPage | null = null
  return {
    count: (name, labels) => tallies.get(name)?.add(labels),
    watchCache: (stats) => {
      watched.cache = stats
    },
    watchWal: (bytesNow) => {
      watched.walBytes = bytesNow
    },
    async text() {
      const { createMetricsPage } = await loadPage()
      page ??= createMetricsPage({ version })
      return page.text(tallies, watched)
    },
  }
}

/** What is asked for its number when somebody looks. */
export interface Watched {
  cache: (() => CacheNumbers) | null
  walBytes: (() => number) | null
}

/** Counts in plain numbers, for it is done in every request; the page hears of it when somebody looks. */
export interface Tally {
  add(labels: Readonly<Record<string, string>>): void
  /** Tells what was counted since the last time. */
  flush(tell: (labels: Record<string, string>, count: number) => void): void
}

function createTally(names: readonly string[]): Tally {
  const rows = new Map<string, { readonly labels: Record<string, string>; count: number }>()
  return {
    add(labels) {
      const key = names.length === 1 ? labels[names[0] ?? ''] : names.map((name) => labels[name]).join('\0')
      const row = rows.get(key ?? '')
      if (row === undefined) rows.set(key ?? '', { labels: known(labels, names), count: 1 })
      else row.count += 1
    },
    flush(tell) {
      for (const row of rows.values()) {
        if (row.count > 0) tell(row.labels, row.count)
        row.count = 0
      }
    },
  }
}

/** A counter throws at labels that it does not know, and counting must not end a request. */
function known(labels: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, labels[name] ?? '']))
}
