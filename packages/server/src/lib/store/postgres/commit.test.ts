import assert from 'node:assert/strict'
import process from 'node:process'
import { describe, test } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { StoreUnavailableError } from '../../errors.ts'
import { eventsOf } from '../contract/samples.ts'
import { ban } from '../sql/testing/ban.ts'
import { commitCases, firstCommit, lose, openMeddled, stepsCase } from '../sql/testing/commit-cases.ts'
import { type Held, testCases } from '../sql/testing/sql-bench.ts'
import { setBench } from './testing/open-test-store.ts'

describe('a connection that breaks about a commit', needs('postgresql'), () => {
  const bench = setBench()
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
  async function drawUntil(number: number): Promise<number> {
    for (;;) {
      const rows = await bench()
        .ask('postgres', NUMBER)
        .catch(() => [])
      const drawn = Number(rows[0]?.['number'] ?? 0)
      if (drawn >= number) return drawn
    }
  }

  test('[R15] where one process crashes, a commit that left no trace is not taken for that which got its number', async (t) => {
    const lost = firstCommit()
    let [had, drawn] = [0, -1]
    const store = await openMeddled(t, bench(), {
      async onQuery(text, pass, held) {
        if (!lost.isNow(text)) return pass()
        had = await crash(held)
        drawn = await drawUntil(had)
        return lose()
      },
    })
    await assert.rejects(ban(store), StoreUnavailableError)
    assert.equal(drawn, had, 'the number was given again')
    assert.deepEqual(await eventsOf(store, 1), [])
    assert.equal(await ban(store), true)
  })
})
