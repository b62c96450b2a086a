import type { Fields, Level, Telemetry } from '../lib/telemetry.ts'

/** Keeps every line and count, so that a test can ask what was said and what was not. */
export interface RecordingTelemetry extends Telemetry {
  readonly lines: { readonly level: Level; readonly event: string; readonly fields: Fields }[]
  readonly counts: { readonly counter: string; readonly labels: Readonly<Record<string, string>> }[]
}

export function createRecordingTelemetry(): RecordingTelemetry {
  const lines: RecordingTelemetry['lines'] = []
  const counts: RecordingTelemetry['counts'] = []
  return {
    lines,
    counts,
    log: (level, event, fields = {}) => lines.push({ level, event, fields }),
    count: (counter, labels) => counts.push({ counter, labels }),
  }
}
