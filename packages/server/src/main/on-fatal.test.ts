import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstLogin } from '../lib/store/contract/samples.ts'
import { WriteNotDurableError } from '../lib/store/sqlite/errors.ts'
import { openTestStore } from '../lib/store/sqlite/testing/open-test-store.ts'
import { sqliteError, wrappedDriver } from '../lib/store/sqlite/testing/wrapped-driver.ts'
import { fatalHandler } from './on-fatal.ts'

const IOERR_FSYNC = 1034

for (const [who, onFatal] of [
  ['by default', undefined],
  [
    'with a handler that throws',
    (error: Error) => {
      throw error
    },
  ],
] as const) {
  test(`[R05] a write that may be lost is thrown where nobody catches it, and closing ends, ${who}`, async (t) => {
    const thrown: (() => void)[] = []
    let isBroken = false
    const driver = wrappedDriver((sql) => {
      if (isBroken && sql === 'COMMIT') throw sqliteError(IOERR_FSYNC, 'disk I/O error')
    })
    const store = await openTestStore(t, {
      driver,
      onFatal: fatalHandler(onFatal, (work) => thrown.push(work)),
    })
    isBroken = true
    const write = assert.rejects(store.recordLogin(firstLogin(1)))
    await Promise.all([write, store.close()])
    assert.equal(thrown.length, 1)
    assert.throws(() => thrown[0]?.(), WriteNotDurableError)
  })
}
