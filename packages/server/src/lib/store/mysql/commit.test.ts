import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import type { PoolConnection } from 'mysql2'
import { needs } from '../../../../../../tools/needs.ts'
import { StoreUnavailableError } from '../../errors.ts'
import {
  eventsOf,
  firstLogin,
  NOW_MS,
  sampleEvent,
  sampleSelector,
  sampleUserId,
} from '../contract/samples.ts'
import type { Store } from '../store.ts'
import { setBench } from './testing/open-test-store.ts'
import { type Meddling, wrappedPool } from './testing/wrapped-pool.ts'

const USER = sampleUserId(1)

describe('a connection that breaks about a commit', needs('mariadb'), () => {
  const bench = setBench()

  /** A store with user 1, and between it and its server what is asked for. */
  async function openMeddled(t: TestContext, meddling: Meddling, patienceMs?: number[]): Promise<Store> {
    const database = await bench().createBook()
    const plain = await bench().open(t, { database })
    await plain.recordLogin(firstLogin(1))
    const pool = wrappedPool(bench().server.pool(database), meddling)
    return bench().open(t, { pool, ...(patienceMs && { limits: { patienceMs } }) })
  }

  test('[R15] a commit that came through is answered as what it is, and not made twice', async (t) => {
    const lost = once()
    const store = await openMeddled(t, {
      onQuery: (query, pass) => (lost.isNow(query) ? pass().then(lose) : pass()),
    })
    assert.equal(await ban(store), true)
    assert.equal(lost.count, 1)
    assert.equal((await eventsOf(store, 1)).length, 1)
  })

  test('[R15] a commit that never left is made again, and the transaction that hangs is ended at the server', async (t) => {
    const lost = once()
    const held: PoolConnection[] = []
    t.after(() => {
      for (const connection of held) connection.destroy()
    })
    const store = await openMeddled(t, {
      onQuery(query, pass, connection) {
        if (!lost.isNow(query)) return pass()
        held.push(connection)
        return lose()
      },
      // The server has heard nothing, and would keep the transaction and its locks for a long time.
      onDestroy: () => true,
    })
    assert.equal(await ban(store), true)
    assert.equal(held.length, 1)
    assert.equal((await eventsOf(store, 1)).length, 1)
    const alive = await bench().server.ask(
      null,
      `SELECT ID FROM information_schema.PROCESSLIST WHERE ID = ${held[0]?.threadId}`,
    )
    assert.deepEqual(alive, [])
  })

  test('[R15] a commit that never came, since the server ended the connection, is made again', async (t) => {
    const lost = once()
    const store = await openMeddled(t, {
      async onQuery(query, pass, connection) {
        if (lost.isNow(query)) await bench().server.ask(null, `KILL ${connection.threadId}`)
        return pass()
      },
    })
    assert.equal(await ban(store), true)
    assert.equal(lost.count, 2)
    assert.equal((await eventsOf(store, 1)).length, 1)
  })

  test('[R15] a commit of which nobody can be asked what became of it is unavailable, and not made again', async (t) => {
    const lost = once()
    let isCut = false
    const meddling: Meddling = {
      onConnect() {
        if (isCut) throw new Error('no way')
      },
      onQuery(query, pass) {
        if (!lost.isNow(query)) return pass()
        isCut = true
        return pass().then(lose)
      },
    }
    const store = await openMeddled(t, meddling, [1, 1])
    await assert.rejects(ban(store), StoreUnavailableError)
    isCut = false
    assert.equal((await eventsOf(store, 1)).length, 1, 'it had come through')
    assert.equal(lost.count, 1)
  })

  test('[R15] a statement that the server refuses with the commit leaves nothing of the rest', async (t) => {
    const store = await openMeddled(t, {})
    const events = [sampleEvent(1, { sessionId: `ses_${'x'.repeat(100)}` })]
    await assert.rejects(
      store.setUserBan({ userId: USER, bannedAtMs: NOW_MS, events }),
      StoreUnavailableError,
    )
    assert.deepEqual([(await store.findUser(USER))?.bannedAtMs, await eventsOf(store, 1)], [null, []])
    assert.equal(await ban(store), true)
  })

  test('[R15] a connection that breaks at any step of a login leaves nothing half, and the login is made whole by another', async (t) => {
    const database = await bench().createBook()
    let breakAt = Number.POSITIVE_INFINITY
    let step = 0
    const onQuery: Meddling['onQuery'] = async (_, pass, connection) => {
      step += 1
      if (step === breakAt) await bench().server.ask(null, `KILL ${connection.threadId}`)
      return pass()
    }
    const store = await bench().open(t, { pool: wrappedPool(bench().server.pool(database), { onQuery }) })
    step = 0
    await store.recordLogin(firstLogin(1, { events: [sampleEvent(1)] }))
    const steps = step
    assert.equal(steps, 2, 'round trips of a login')
    for (breakAt = 1; breakAt <= steps; breakAt += 1) {
      const n = 1 + breakAt
      step = 0
      const events = [sampleEvent(n, { userId: sampleUserId(n) })]
      assert.equal(await store.recordLogin(firstLogin(n, { events })), 'recorded')
      assert.ok(step > steps, `broken at ${breakAt}, and begun anew`)
      assert.equal((await store.findSession(sampleSelector(n)))?.userId, sampleUserId(n))
      assert.equal((await eventsOf(store, n)).length, 1)
    }
  })
})

function ban(store: Store): Promise<boolean> {
  return store.setUserBan({ userId: USER, bannedAtMs: NOW_MS, events: [sampleEvent(1)] })
}

/** True for the first commit of a ban; counts all of them. */
function once(): { isNow: (query: { readonly sql: string }) => boolean; readonly count: number } {
  let count = 0
  return {
    isNow: ({ sql }) => /banned_at_ms = .*COMMIT$/s.test(sql) && ++count === 1,
    get count() {
      return count
    },
  }
}

async function lose(): Promise<never> {
  throw new Error('Connection terminated unexpectedly')
}
