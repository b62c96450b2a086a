import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { StoreUnavailableError } from '../../../errors.ts'
import { eventsOf, firstLogin, sampleEvent, sampleSelector, sampleUserId } from '../../contract/samples.ts'
import type { Store } from '../../store.ts'
import type { Limits } from '../limits.ts'
import { ban } from './ban.ts'
import type { Held, Meddling, SqlBench, SqlCase } from './sql-bench.ts'

/** A store with user 1, and between it and its server what is asked for. */
export async function openMeddled(
  t: TestContext,
  bench: SqlBench,
  meddling: Meddling,
  limits: Partial<Limits> = {},
): Promise<Store> {
  const database = await bench.createBook()
  const plain = await bench.open(t, { database })
  await plain.recordLogin(firstLogin(1))
  return bench.open(t, { database, meddling, limits })
}

/** True for the first commit of a ban; counts all of them. */
export function firstCommit(): { isNow: (text: string) => boolean; readonly count: number } {
  let count = 0
  return {
    isNow: (text) => /^COMMIT$|banned_at_ms = .*COMMIT$/s.test(text) && ++count === 1,
    get count() {
      return count
    },
  }
}

export async function lose(): Promise<never> {
  throw new Error('Connection terminated unexpectedly')
}

export const commitCases: SqlCase[] = [
  {
    title: '[R15] a commit that came through is answered as what it is, and not made twice',
    async run(t, bench) {
      const lost = firstCommit()
      const onQuery: Meddling['onQuery'] = (text, pass) => (lost.isNow(text) ? pass().then(lose) : pass())
      const store = await openMeddled(t, bench, { onQuery })
      assert.equal(await ban(store), true)
      assert.equal(lost.count, 1)
      assert.equal((await eventsOf(store, 1)).length, 1)
    },
  },
  {
    title:
      '[R15] a commit that never left is made again, and the transaction that hangs is ended at the server',
    async run(t, bench) {
      const lost = firstCommit()
      const hanging: Held[] = []
      t.after(() => {
        for (const held of hanging) held.drop()
      })
      const store = await openMeddled(t, bench, {
        onQuery(text, pass, held) {
          if (!lost.isNow(text)) return pass()
          hanging.push(held)
          return lose()
        },
        // The server has heard nothing, and would keep the transaction and its locks for a long time.
        onDrop: () => true,
      })
      assert.equal(await ban(store), true)
      assert.equal((await eventsOf(store, 1)).length, 1)
      assert.equal(hanging.length, 1)
      for (const held of hanging) await assert.rejects(held.id(), 'the server has ended it')
    },
  },
  {
    title: '[R15] a commit that never came, since the server ended the connection, is made again',
    async run(t, bench) {
      const lost = firstCommit()
      const store = await openMeddled(t, bench, {
        async onQuery(text, pass, held) {
          if (lost.isNow(text)) await bench.end(await held.id())
          return pass()
        },
      })
      assert.equal(await ban(store), true)
      assert.equal(lost.count, 2)
      assert.equal((await eventsOf(store, 1)).length, 1)
    },
  },
  {
    title: '[R15] a commit of which nobody can be asked what became of it is unavailable, and not made again',
    async run(t, bench) {
      const lost = firstCommit()
      let isCut = false
      const meddling: Meddling = {
        onConnect() {
          if (isCut) throw new Error('no way')
        },
        onQuery(text, pass) {
          if (!lost.isNow(text)) return pass()
          isCut = true
          return pass().then(lose)
        },
      }
      const store = await openMeddled(t, bench, meddling, { patienceMs: [1, 1] })
      await assert.rejects(ban(store), StoreUnavailableError)
      isCut = false
      assert.equal((await eventsOf(store, 1)).length, 1, 'it had come through')
      assert.equal(lost.count, 1)
    },
  },
]

/** `roundTrips`: of a first login; the last of them is the commit. */
export function stepsCase(roundTrips: number): SqlCase {
  return {
    title:
      '[R15] a connection that breaks at any step of a login leaves nothing half, and the login is made whole by another',
    async run(t, bench) {
      let breakAt = Number.POSITIVE_INFINITY
      let step = 0
      const onQuery: Meddling['onQuery'] = async (_, pass, held) => {
        step += 1
        if (step === breakAt) await bench.end(await held.id())
        return pass()
      }
      const store = await bench.open(t, { meddling: { onQuery } })
      step = 0
      await store.recordLogin(firstLogin(1, { events: [sampleEvent(1)] }))
      const steps = step
      assert.equal(steps, roundTrips, 'round trips of a login')
      for (breakAt = 1; breakAt <= steps; breakAt += 1) {
        const n = 1 + breakAt
        step = 0
        const events = [sampleEvent(n, { userId: sampleUserId(n) })]
        assert.equal(await store.recordLogin(firstLogin(n, { events })), 'recorded')
        assert.ok(step > steps, `broken at ${breakAt}, and begun anew`)
        assert.equal((await store.findSession(sampleSelector(n)))?.userId, sampleUserId(n))
        assert.equal((await eventsOf(store, n)).length, 1)
      }
    },
  }
}
