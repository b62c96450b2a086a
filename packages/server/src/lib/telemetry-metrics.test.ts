import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CounterName } from './telemetry.ts'
import { createMetrics } from './telemetry-metrics.ts'

test('counters have help texts and their labels; unknown labels end no request', async () => {
  const metrics = createMetrics({ version: '1.2.3' })
  metrics.count('logins', { app: 'wx1', outcome: 'ok' })
  metrics.count('logins', { app: 'wx1', outcome: 'ok', stranger: 'x' })
  metrics.count('authentications', {})
  const { contentType, text } = await metrics.text()
  assert.match(contentType, /^text\/plain/)
  assert.match(text, /^yaopai_logins_total\{app="wx1",outcome="ok"\} 2$/m)
  assert.match(text, /^yaopai_build_info\{version="1\.2\.3",node="v\d/m)
  assert.match(text, /^yaopai_process_cpu_seconds_total /m)
  const names: CounterName[] = [
    'logins',
    'wechat_exchanges',
    'authentications',
    'open_data',
    'rate_limited',
    'events_dropped',
  ]
  for (const name of names) assert.match(text, new RegExp(`^# HELP yaopai_${name}_total \\S`, 'm'))
})

test('two servers of one process count for themselves', async () => {
  const [one, other] = [createMetrics({ version: '1' }), createMetrics({ version: '1' })]
  one.count('logins', { app: 'wx1', outcome: 'ok' })
  assert.doesNotMatch((await other.text()).text, /wx1/)
})
