/** Only scalars: an object that might hold a secret cannot be handed over by mistake. */
export type Fields = Readonly<Record<string, string | number | boolean | null>>

export type Level = 'debug' | 'info' | 'warn' | 'error'

/** Counters by name; their labels stand in `telemetry-metrics.ts` beside the help texts. */
export type CounterName =
  | 'logins'
  | 'wechat_exchanges'
  | 'authentications'
  | 'renewals'
  | 'open_data'
  | 'rate_limited'
  | 'redis_limits'
  | 'access_tokens'
  | 'events_dropped'

export interface Log {
  (level: Level, event: string, fields?: Fields): void
  /** False: lines of this level are dropped, so whoever is in a hurry need not make them. */
  isOn?(level: Level): boolean
}

/** What the server says of itself while it runs: lines for the operator and numbers for dashboards. */
export interface Telemetry {
  readonly log: Log
  count(counter: CounterName, labels: Readonly<Record<string, string>>): void
}

/** For libraries and tests that want none of it. */
export const silentTelemetry: Telemetry = {
  log: Object.assign(() => undefined, { isOn: () => false }),
  count: () => undefined,
}
