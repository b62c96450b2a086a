import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import './testing/browser.ts'
import { miniprogramRoot } from './testing/mini-program.ts'

interface Time {
  agoOf(iso: string, nowMs: number, words: object): string
  momentOf(iso: string): string
  dayOf(iso: string): string
}

const require = createRequire(import.meta.url)
const { agoOf, momentOf, dayOf }: Time = require(join(miniprogramRoot, 'lib/time.js'))
const { ago }: { ago: object } = require(join(miniprogramRoot, 'lib/words/zh.js'))

test('a moment is told in the phone’s time zone', () => {
  assert.equal(momentOf('2026-11-27T16:04:05.678Z'), '2026-11-28 00:04')
  assert.equal(dayOf('2026-01-01T00:00:00.000Z'), '2026-01-01')
})

test('how long ago is told by the clock, then by the calendar', () => {
  const now = '2026-11-28T00:30:00+08:00'
  const rows: [string, string][] = [
    ['2026-11-28T00:29:01+08:00', '刚刚'],
    ['2026-11-28T00:29:00+08:00', '1 分钟前'],
    ['2026-11-27T23:30:01+08:00', '59 分钟前'],
    ['2026-11-27T23:30:00+08:00', '1 小时前'],
    ['2026-11-27T00:30:01+08:00', '23 小时前'],
    ['2026-11-27T00:30:00+08:00', '昨天'],
    ['2026-11-26T23:30:00+08:00', '2 天前'],
    ['2026-10-28T12:00:00+08:00', '31 天前'],
    // The phone's clock may be behind.
    ['2026-11-28T00:31:00+08:00', '刚刚'],
  ]
  for (const [at, told] of rows) assert.equal(agoOf(at, Date.parse(now), ago), told, at)
})
