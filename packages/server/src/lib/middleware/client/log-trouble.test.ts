import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTroubleLog } from './log-trouble.ts'

test('trouble is told at once, then at most once in ten seconds', () => {
  const lines: string[] = []
  let nowMs = 5
  const tell = createTroubleLog({ nowMs: () => nowMs }, (line) => lines.push(line))
  tell('first')
  nowMs += 9_999
  tell('too soon')
  nowMs += 1
  tell('again')
  assert.deepEqual(lines, ['yaopai: first', 'yaopai: again'])
})

test('a clock that was set back silences nothing', () => {
  const lines: string[] = []
  let nowMs = 1_000_000
  const tell = createTroubleLog({ nowMs: () => nowMs }, (line) => lines.push(line))
  tell('before')
  nowMs = 1_000
  tell('after')
  assert.equal(lines.length, 2)
})
