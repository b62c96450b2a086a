import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Secret } from '../lib/secret.ts'
import { createMemoryStore } from '../lib/store/memory/memory-store.ts'
import { createMetrics } from '../lib/telemetry-metrics.ts'
import { watchWal } from './watch-wal.ts'

test('a long log of SQLite is told once with the cure, and once when it is short; its length is a number', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-wal-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const [file, link] = [join(folder, 'book.db'), join(folder, 'link.db')]
  writeFileSync(file, '')
  symlinkSync(file, link)
  const metrics = createMetrics({ version: '1' })
  const lines: string[] = []
  const telemetry = {
    log: (level: string, event: string, facts: object = {}) =>
      void lines.push(`${level} ${event} ${JSON.stringify(facts)}`),
  }
  const store = watchWal(
    createMemoryStore(),
    { kind: 'sqlite', file: link },
    { telemetry, metrics, longBytes: 100 },
  )
  const written = async (bytes: number): Promise<string> => {
    writeFileSync(`${file}-wal`, Buffer.alloc(bytes))
    for (let turn = 0; turn < 2; turn += 1) t.mock.timers.tick(10_000)
    return /^yaopai_wal_bytes (\d+)$/m.exec((await metrics.text()).text)?.[1] ?? ''
  }
  t.mock.timers.tick(10_000)
  assert.equal(await written(100), '100')
  assert.deepEqual(lines, [])
  assert.equal(await written(101), '101')
  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /^warn sqlite\.log_long .*101.*end that one/)
  assert.equal(await written(0), '0')
  assert.deepEqual(lines.slice(1), ['info sqlite.log_short {"bytes":0}'])
  await store.close()
  await written(101)
  assert.equal(lines.length, 2)
})

test('other databases have no such log', async () => {
  const metrics = createMetrics({ version: '1' })
  const telemetry = { log: () => undefined }
  const store = createMemoryStore()
  const database = { kind: 'postgres', url: new Secret('postgres://x') } as const
  assert.equal(watchWal(store, database, { telemetry, metrics }), store)
  assert.doesNotMatch((await metrics.text()).text, /yaopai_wal_bytes/)
})
