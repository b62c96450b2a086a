import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { StoreUnavailableError } from '../../errors.ts'
import { firstLogin, NOW_MS, sampleSelector, sampleUserId } from '../contract/samples.ts'
import { setBench } from './testing/open-test-store.ts'
import { wrappedPool } from './testing/wrapped-pool.ts'

const MANY = 600

describe('look-ups of sessions that come together', needs('postgresql'), () => {
  const bench = setBench()

  test('share few statements, and each gets its own answer, also the same twice and one that is not there', async (t) => {
    const database = await bench().createBook()
    let statements = 0
    const pool = wrappedPool(bench().server.pool(database), {
      onQuery: (_, pass) => {
        statements += 1
        return pass()
      },
    })
    const store = await bench().open(t, { pool })
    const numbers = Array.from({ length: 20 }, (_, n) => n)
    await Promise.all(numbers.map((n) => store.recordLogin(firstLogin(n))))
    statements = 0
    const asked = Array.from({ length: MANY }, (_, n) => n % 21)
    const found = await Promise.all(asked.map((n) => store.findSession(sampleSelector(n))))
    assert.deepEqual(
      found.map((session) => session?.user.id ?? null),
      asked.map((n) => (n === 20 ? null : sampleUserId(n))),
    )
    assert.ok(statements <= 4, `${statements} statements`)
  })

  test('one that is asked after an end was acknowledged sees the end, while older ones are under way', async (t) => {
    const store = await bench().open(t)
    const numbers = Array.from({ length: 20 }, (_, n) => n)
    await Promise.all(numbers.map((n) => store.recordLogin(firstLogin(n))))
    const asking = numbers.flatMap((n) => [n, n, n]).map((n) => store.findSession(sampleSelector(n)))
    for (const n of numbers) {
      const one = { selector: sampleSelector(n), userId: sampleUserId(n), atMs: NOW_MS, events: [] }
      asking.push(store.findSession(sampleSelector(n)))
      await store.endSession({ ...one, reason: 'logged_out' })
      assert.equal((await store.findSession(sampleSelector(n)))?.endReason, 'logged_out')
    }
    await Promise.all(asking)
  })

  test('all of them hear that the store is unavailable, none waits for ever, and later ones are answered', async (t) => {
    let isCut = false
    const pool = wrappedPool(bench().server.pool(await bench().createBook()), {
      onConnect() {
        if (isCut) throw new Error('no way')
      },
    })
    const store = await bench().open(t, { pool, limits: { patienceMs: [] } })
    isCut = true
    const asked = await Promise.allSettled(Array.from({ length: MANY }, (_, n) => store.findSession(n)))
    assert.ok(asked.every((one) => one.status === 'rejected' && one.reason instanceof StoreUnavailableError))
    isCut = false
    assert.equal(await store.findSession(1), null)
  })

  test('those that wait when the store is closed are answered', async (t) => {
    const store = await bench().open(t)
    await store.recordLogin(firstLogin(1))
    const asking = store.findSession(sampleSelector(1))
    await store.close()
    assert.notEqual(await asking, null)
    await assert.rejects(store.findSession(1), StoreUnavailableError)
  })
})
