import assert from 'node:assert/strict'
import process from 'node:process'
import { describe, type TestContext, test } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { StoreUnavailableError } from '../../errors.ts'
import { eventsOf, firstLogin, NOW_MS, sampleSelector, sampleUserId } from '../contract/samples.ts'
import { ban } from '../sql/testing/ban.ts'
import { commitCases, firstCommit, lose, openMeddled, stepsCase } from '../sql/testing/commit-cases.ts'
import { type Held, testCases } from '../sql/testing/sql-bench.ts'
import type { Store } from '../store.ts'
import { setBench } from './testing/open-test-store.ts'

describe('a connection that breaks about a commit', needs('postgresql'), () => {
  // Of a standby that never comes; nobody waits for it but who says so.
  const bench = setBench({ settings: { synchronous_standby_names: 'nobody', synchronous_commit: 'local' } })
  testCases([...commitCases, stepsCase(3)], bench)

  const NUMBER = 'SELECT pg_current_xact_id()::text AS number'

  /** All processes of the server begin anew but the first. Gives the number that the transaction had. */
  async function crash(held: Held): Promise<number> {
    const number = Number((await held.ask(NUMBER))[0]?.['number'])
    process.kill(await held.id(), 'SIGKILL')
    await assert.rejects(held.ask(NUMBER))
    return number
  }

  /** Other transactions, each committed, until one has this number; of that which they have come to instead. */
  async function drawUntil(t: TestContext, number: number): Promise<number> {
    let drawn = 0
    while (drawn < number && !t.signal.aborted) {
      const rows = await bench()
        .ask('postgres', NUMBER)
        .catch(() => [])
      drawn = Number(rows[0]?.['number'] ?? 0)
    }
    return drawn
  }

  test('[R15] where one process crashes, a commit that left no trace is not taken for that which got its number', async (t) => {
    const lost = firstCommit()
    let [had, drawn] = [0, -1]
    const store = await openMeddled(t, bench(), {
      async onQuery(text, pass, held) {
        if (!lost.isNow(text)) return pass()
        had = await crash(held)
        drawn = await drawUntil(t, had)
        return lose()
      },
    })
    await assert.rejects(ban(store), StoreUnavailableError)
    assert.equal(drawn, had, 'the number was given again')
    assert.deepEqual(await eventsOf(store, 1), [])
    assert.equal(await ban(store), true)
  })

  test('[R16] what is done on this server, and no standby has, is not acknowledged to who asks for it once more', async (t) => {
    const database = await bench().createBook()
    const alone = await bench().open(t, { database })
    for (const n of [1, 2, 3, 4]) await alone.recordLogin(firstLogin(n))
    const order = (n: number) => ({ userId: sampleUserId(n), atMs: NOW_MS, events: [] })
    const calls: ((store: Store) => Promise<unknown> | undefined)[] = [
      ban,
      (store) => store.endSession({ ...order(2), selector: sampleSelector(2), reason: 'logged_out' }),
      (store) => store.endUserSessions({ ...order(3), exceptSelector: null, reason: 'logged_out' }),
      (store) => store.closeAccount(order(4)),
      (store) => store.confirm?.(),
    ]
    const askAll = (store: Store) => Promise.all(calls.map((call) => call(store)))
    assert.deepEqual(await askAll(alone), [true, true, 1, true, undefined])
    assert.deepEqual(await askAll(alone), [true, false, 0, false, undefined])
    await bench().ask('postgres', `ALTER DATABASE ${database} SET synchronous_commit = on`)
    const waiting = await bench().open(t, { database, limits: { answerMs: 600, patienceMs: [] } })
    for (const answer of await Promise.allSettled(calls.map((call) => call(waiting)))) {
      assert.ok(answer.status === 'rejected' && answer.reason instanceof StoreUnavailableError)
    }
  })
})
