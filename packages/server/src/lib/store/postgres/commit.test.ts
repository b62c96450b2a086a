import assert from 'node:assert/strict'
import process from 'node:process'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PoolClient } from 'pg'
import { needs } from '../../../../../../tools/needs.ts'
import type { TestServer } from '../../../../../../tools/postgres-server.ts'
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

describe('a connection that breaks about a commit', needs('postgresql'), () => {
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
    const lost = firstCommit()
    const store = await openMeddled(t, {
      onQuery: (query, pass) => (lost.isNow(query) ? pass().then(lose) : pass()),
    })
    assert.equal(await ban(store), true)
    assert.equal(lost.count, 1)
    assert.equal((await eventsOf(store, 1)).length, 1)
  })

  test('[R15] a commit that never left is made again, on another connection', async (t) => {
    const lost = firstCommit()
    const held: PoolClient[] = []
    t.after(() => {
      for (const client of held) client.release(true)
    })
    const store = await openMeddled(t, {
      onQuery(query, pass, client) {
        if (!lost.isNow(query)) return pass()
        held.push(client.on('error', () => undefined) as PoolClient)
        return lose()
      },
      // The server has heard nothing, and would keep the transaction and its locks for a long time.
      onRelease: (isDestroyed) => isDestroyed,
    })
    assert.equal(await ban(store), true)
    assert.equal(held.length, 1)
    assert.equal((await eventsOf(store, 1)).length, 1)
  })

  test('[R15] a commit that never came, since the server ended the connection, is made again', async (t) => {
    const lost = firstCommit()
    const store = await openMeddled(t, {
      async onQuery(query, pass, client) {
        if (lost.isNow(query)) await bench().server.ask('postgres', endOf(await pidOf(client)))
        return pass()
      },
    })
    assert.equal(await ban(store), true)
    assert.equal(lost.count, 2)
    assert.equal((await eventsOf(store, 1)).length, 1)
  })

  test('[R15] a commit of which nobody can be asked what became of it is unavailable, and not made again', async (t) => {
    const lost = firstCommit()
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

  test('[R15] a connection that breaks at any step of a login before the commit leaves nothing, and the login is made whole by another', async (t) => {
    const database = await bench().createBook()
    let breakAt = Number.POSITIVE_INFINITY
    let step = 0
    const onQuery: Meddling['onQuery'] = async (_, pass, client) => {
      step += 1
      if (step === breakAt) await bench().server.ask('postgres', endOf(await pidOf(client)))
      return pass()
    }
    const store = await bench().open(t, { pool: wrappedPool(bench().server.pool(database), { onQuery }) })
    step = 0
    await store.recordLogin(firstLogin(1, { events: [sampleEvent(1)] }))
    const steps = step
    assert.ok(steps >= 3)
    for (breakAt = 1; breakAt < steps; breakAt += 1) {
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

describe('a server that crashes about a commit', needs('postgresql'), () => {
  // Nothing of a transaction that is not committed reaches the disk, so that its number is sure to be given again.
  const bench = setBench({ settings: { wal_writer_delay: '10s' } })

  const crashes: [string, () => Promise<void>][] = [
    ['one of its back ends is killed', () => killBackEnd(bench().server)],
    [
      'it is killed and started again',
      async () => {
        await bench().server.stop('SIGKILL')
        await bench().server.start()
      },
    ],
  ]
  for (const [how, crash] of crashes) {
    test(`[R15] ${how}: a number that another transaction then has tells nobody that theirs was committed`, async (t) => {
      const { server } = bench()
      const database = await bench().createBook()
      let isLost = true
      const pool = wrappedPool(server.pool(database), {
        async onQuery({ text }, pass, client) {
          if (isLost || text !== 'COMMIT') return pass()
          isLost = true
          const gone = endOfConnection(client)
          const number = await numberOf(client)
          await crash()
          await gone
          while ((await nextNumber(server)) < number);
          return lose()
        },
      })
      const store = await bench().open(t, { pool, limits: { patienceMs: Array<number>(300).fill(100) } })
      isLost = false
      const outcome = await store.recordLogin(firstLogin(1)).catch((error: unknown) => {
        assert.ok(error instanceof StoreUnavailableError)
        return 'unavailable'
      })
      assert.ok(isLost)
      const isThere = (await store.findSession(sampleSelector(1))) !== null
      assert.ok(isThere || outcome === 'unavailable', `it is not there, and was said to be ${outcome}`)
      assert.equal(await store.recordLogin(firstLogin(2)), 'recorded')
    })
  }
})

async function numberOf(client: PoolClient): Promise<number> {
  const { rows } = await client.query('SELECT pg_current_xact_id()::text AS number')
  return Number(rows[0].number)
}

function endOfConnection(client: PoolClient): Promise<void> {
  client.on('error', () => undefined)
  return new Promise((resolve) => client.once('end', () => resolve()))
}

/** Of a transaction that is committed; waits for a server that recovers. */
async function nextNumber(server: TestServer): Promise<number> {
  for (let tries = 0; ; tries += 1) {
    try {
      const [row] = await server.ask('postgres', 'SELECT pg_current_xact_id()::text AS number')
      return Number(row?.['number'])
    } catch (error) {
      if (tries > 500) throw error
      await sleep(20)
    }
  }
}

/** The server then ends all others too, and recovers under the first process that it had before. */
async function killBackEnd(server: TestServer): Promise<void> {
  const pool = server.pool('postgres')
  const client = await pool.connect()
  const gone = endOfConnection(client)
  process.kill(await pidOf(client), 'SIGKILL')
  await gone
  client.release(true)
  await pool.end()
}

function ban(store: Store): Promise<boolean> {
  return store.setUserBan({ userId: USER, bannedAtMs: NOW_MS, events: [sampleEvent(1)] })
}

/** True for the first COMMIT after the store was opened; counts all of them. */
function firstCommit(): { isNow: (query: { readonly text: string }) => boolean; readonly count: number } {
  let count = 0
  return {
    isNow: ({ text }) => text === 'COMMIT' && ++count === 1,
    get count() {
      return count
    },
  }
}

async function lose(): Promise<never> {
  throw new Error('Connection terminated unexpectedly')
}

async function pidOf(client: PoolClient): Promise<number> {
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid')
  return Number(rows[0]?.pid)
}

function endOf(pid: number): string {
  return `SELECT pg_terminate_backend(${pid}, 5000)`
}
