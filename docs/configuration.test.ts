import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { EVENT_TYPES } from '../packages/server/src/lib/events.ts'
import { SCALARS } from '../packages/server/src/lib/load-config/scalars.ts'
import { configFileSchema } from '../packages/server/src/lib/load-config/schema.ts'
import type { CounterName } from '../packages/server/src/lib/telemetry.ts'
import { createMetrics } from '../packages/server/src/lib/telemetry-metrics.ts'
import { root } from '../tools/setup.mjs'

const page = readFileSync(join(root, 'docs/guide/operating.md'), 'utf8')
const rows = page.split('\n').filter((line) => /^\| `[A-Z_]+` \|/.test(line))
const cellsOf = (row: string) => row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''))
const table = new Map(rows.map((row) => [cellsOf(row)[0]?.replaceAll('`', ''), cellsOf(row)]))

/** Every variable of ours that the code names, as text in quotes. */
function variablesInCode(): Set<string> {
  const folder = join(root, 'packages/server/src/lib/load-config')
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const text = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n')
  const names = [...text.matchAll(/'((?:YAOPAI|WECHAT|REDIS)_[A-Z_]+)'/g)].map(([, name]) => name ?? '')
  return new Set([...names, ...Object.values(SCALARS).map(({ variable }) => variable)])
}

test('the configuration table has every variable that is read, and none that is not', () => {
  const inCode = [...variablesInCode()].filter((name) => !name.endsWith('_FILE'))
  assert.deepEqual([...table.keys()].sort(), inCode.sort())
})

test('the configuration table has the name in the file and the default that hold', () => {
  for (const [key, { variable, fallback }] of Object.entries(SCALARS)) {
    const [, inFile, , byDefault] = table.get(variable) ?? []
    const shown = Array.isArray(fallback) ? 'none' : `\`${fallback}\``
    assert.deepEqual([inFile, byDefault], [`\`${key}\``, shown], variable)
  }
})

test('the configuration table names every setting of the file', () => {
  for (const key of Object.keys(configFileSchema.shape)) {
    if (key !== '$schema') assert.match(page, new RegExp(`\`${key}(\\[\\])?(\\.\\w+)?\``), key)
  }
})

test('the table of metrics has every counter, with the labels that it has', async () => {
  const metrics = createMetrics({ version: '0' })
  metrics.watchCache(() => ({ hits: 0, misses: 0, stale: 0, entries: 0, pollAgeMs: null }))
  const documented = [...page.matchAll(/^\| `yaopai_(\w+)_total` \| (.*) \|$/gm)]
  for (const [, name = '', cell = ''] of documented) {
    const labels = [...cell.replace(/:.*$/, '').matchAll(/`(\w+)`/g)].map(([, label = '']) => [label, 'x'])
    metrics.count(name as CounterName, Object.fromEntries(labels))
  }
  const { text } = await metrics.text()
  const counters = [...text.matchAll(/^# TYPE yaopai_(\w+)_total counter$/gm)].map(([, name]) => name)
  const own = counters.filter((name) => !/^(process|nodejs)_/.test(name ?? ''))
  assert.deepEqual(documented.map(([, name]) => name).sort(), own.sort())
  assert.doesNotMatch(text, /^yaopai_\w+_total\{[^}]*=""/m, 'a label is missing on the page')
})

test('the page names every line of the log that says error or warn', () => {
  const folder = join(root, 'packages/server/src')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.test\.ts$|testing/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  const lines = files.flatMap((text) => [...text.matchAll(/\blog\('(?:error|warn)', '([\w.]+)'/g)])
  const names = new Set(lines.map(([, name = '']) => name))
  assert.ok(names.size > 10, 'the log is called in another way now')
  assert.deepEqual(
    [...names].filter((name) => !page.includes(`\`${name}\``)),
    [],
  )
})

test('the table of the history has every type of event, and no other', () => {
  const [, section = ''] = /^## The history\n([\s\S]*?)^## /m.exec(page) ?? []
  const named = [...section.matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map(([, type]) => type)
  assert.deepEqual(named.sort(), [...EVENT_TYPES].sort())
})
