import assert from 'node:assert/strict'
import { closeSync, existsSync, openSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { Secret } from './secret.ts'
import { formatToken } from './session/token.ts'
import type { Fields } from './telemetry.ts'
import { createLog, openStdout } from './telemetry-log.ts'

function recorder(level = 'trace') {
  const lines: string[] = []
  const log = createLog({ level, destination: { write: (line) => lines.push(line) } })
  return { log, lines }
}

test('[T35] a line is one JSON object with time, level and event first', () => {
  const { log, lines } = recorder()
  log('warn', 'login.refused', { code: 'code_used', errcode: 40163, rid: null })
  assert.equal(lines.length, 1)
  const line = JSON.parse(lines[0] ?? '')
  assert.deepEqual(Object.keys(line), ['level', 'time', 'event', 'code', 'errcode', 'rid'])
  assert.equal(line.time, new Date(line.time).toISOString())
})

test('[T35] whatever strangers write, a line is one line of valid JSON, capped', () => {
  const nasty = fc.string({ unit: 'binary', maxLength: 200 })
  const hostile = fc.constantFrom('\r\n', '\u001b[2J', '\u2028', '"}\n{"level":"error"}', '\ud800', '\u0000')
  fc.assert(
    fc.property(fc.tuple(nasty, hostile, nasty), (parts) => {
      const { log, lines } = recorder()
      log('info', 'http.request', { userAgent: parts.join(''), level: parts[0], event: parts[1] })
      assert.equal(lines.length, 1)
      const [line = ''] = lines
      assert.equal(line.trimEnd().split(/[\r\n\u2028\u2029]/).length, 1)
      assert.equal(JSON.parse(line).event, 'http.request')
      assert.equal(JSON.parse(line).level, 'info')
    }),
    { numRuns: 2_000 },
  )
})

test('[T35] a megabyte is cut, and a hundred fields too', () => {
  const { log, lines } = recorder()
  const many = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`f${index}`, 'x'.repeat(1_000_000)]),
  )
  log('info', 'x', many)
  assert.ok((lines[0] ?? '').length < 20_000)
})

test('[T02][T35] tokens, parameters and secrets do not get through', () => {
  const { log, lines } = recorder()
  const token = formatToken('yp1_', 1, Buffer.alloc(32, 7))
  const url = '/sns/jscode2session?appid=wx1&secret=f00d&js_code=c0de&grant_type=x'
  const database = 'postgres://yaopai:hunter2@db.example/yaopai, redis://:hunter2@redis.example'
  const fields = { message: `failed for ${token} at ${url} {"session_key":"abc=="} ${database}` }
  log('error', 'x', fields)
  // The types forbid it; what comes past them is not printed either.
  const smuggled: object = { secret: new Secret('f00d'), nested: { secret: 'f00d' } }
  log('error', 'x', smuggled as Fields)
  const text = lines.join('')
  assert.match(text, /postgres:\/\/yaopai:\[redacted\]@db\.example\/yaopai/)
  for (const part of [token.slice(4), 'f00d', 'c0de', 'abc==', 'hunter2'])
    assert.ok(!text.includes(part), text)
})

test('the level holds', () => {
  const { log, lines } = recorder('warn')
  log('info', 'x')
  log('warn', 'y')
  assert.equal(lines.length, 1)
  assert.equal(recorder('silent').lines.length, 0)
})

test('[R04] a log on a full disk costs lines, not the process', {
  ...(existsSync('/dev/full') ? {} : { skip: 'needs /dev/full' }),
}, async (t) => {
  const descriptor = openSync('/dev/full', 'w')
  t.after(() => closeSync(descriptor))
  const uncaught: unknown[] = []
  const note = (error: unknown) => uncaught.push(error)
  process.on('uncaughtException', note)
  t.after(() => process.off('uncaughtException', note))
  const destination = openStdout(descriptor)
  const log = createLog({ level: 'info', destination })
  for (let line = 0; line < 100; line += 1) {
    log('info', 'line', { line })
    if (line % 20 === 0) await sleep(1)
  }
  destination.flushSync()
  assert.deepEqual(uncaught, [])
})
