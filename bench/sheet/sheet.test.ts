import assert from 'node:assert/strict'
import { test } from 'node:test'
import { breakText, flagOf } from './page.ts'
import { HABITS, type Measured, sheetFor } from './sheet.ts'

const measured: Measured = {
  bytesPerUser: 100,
  bytesPerIdentity: 200,
  bytesPerSession: 300,
  bytesPerEvent: 50,
  requestMicroseconds: 20,
  loginMicroseconds: 200,
  loginsPerSecondPerStore: 1_000,
  bytesPerCachedSession: 100,
}
const habits = {
  ...HABITS,
  dailyShare: 0.5,
  loginsPerDay: 2,
  requestsPerLogin: 10,
  peakFactor: 2,
  sessionsPerUser: 3,
  eventsPerLogin: 1,
  eventDays: 10,
  utilisation: 0.5,
  coresPerNode: 4,
  diskGiBPerStore: 100,
  cachedShare: 0.5,
}

test('the sheet multiplies what was measured with what is assumed', () => {
  const sheet = sheetFor(86_400_000, measured, habits)
  assert.equal(sheet.loginsPerDay, 86_400_000)
  assert.equal(sheet.peakLoginsPerSecond, 2_000)
  assert.equal(sheet.peakRequestsPerSecond, 20_000)
  assert.deepEqual(sheet.rows, {
    users: 86_400_000,
    identities: 86_400_000,
    sessions: 259_200_000,
    events: 864_000_000,
  })
  assert.equal(sheet.bytes, 86_400_000 * (100 + 200 + 900 + 500))
  assert.equal(sheet.cores, (20_000 * 20 + 2_000 * 200) / 1e6 / 0.5)
  assert.equal(sheet.nodes, 1)
  assert.equal(sheet.storesForWrites, 4)
  assert.equal(sheet.storesForBytes, Math.ceil((86_400_000 * 1_700) / (50 * 2 ** 30)))
  assert.equal(sheet.stores, 4)
  assert.equal(sheet.cacheBytesPerNode, 259_200_000 * 0.5 * 100)
})

test('what is loaded most breaks first, at the number of users where it is full', () => {
  const [first, ...others] = sheetFor(86_400_000, measured, habits).breaks
  assert.equal(first?.what, "one store's writer")
  assert.equal(first?.load, 4)
  assert.equal(first?.users, 21_600_000)
  assert.ok(others.every(({ load }) => load <= 4))
  assert.match(
    breakText(sheetFor(86_400_000, measured, habits)),
    /one store's writer \(4\.0 times too much\)/,
  )
})

test('a few users need one of everything, and nothing breaks', () => {
  const sheet = sheetFor(1_000, measured, habits)
  assert.deepEqual([sheet.nodes, sheet.stores, sheet.redisNodes], [1, 1, 1])
  assert.match(breakText(sheet), /^- 1,000 users: nothing\./)
})

test('an assumption is named on the command line as in the sheet', () => {
  assert.deepEqual(Object.keys(HABITS).map(flagOf).slice(0, 3), [
    'daily-share',
    'logins-per-day',
    'requests-per-login',
  ])
  assert.equal(flagOf('diskGiBPerStore'), 'disk-gib-per-store')
})
