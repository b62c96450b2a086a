import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { PoolClient } from 'pg'
import { needs } from '../../../../../../tools/needs.ts'
import type { EndSignal } from '../../../../../../tools/postgres-server.ts'
import { StoreUnavailableError } from '../../errors.ts'
import {
  eventsOf,
  firstLogin,
  NOW_MS,
  sampleEvent,
  sampleHash,
  sampleSelector,
  sampleUserId,
} from '../contract/samples.ts'
import type { Store } from '../store.ts'
import { DEFAULT_LIMITS, type PostgresLimits } from './limits.ts'
import { setBench, untilSomebodyWaits } from './testing/open-test-store.ts'
import { wrappedPool } from './testing/wrapped-pool.ts'

const USER = sampleUserId(1)
const MANY = 30

describe('a PostgreSQL that is taken down', needs('postgresql'), () => {
  const bench = setBench({ isDurable: true })

  const ways: [string, EndSignal][] = [
    ['restarts in order', 'SIGINT'],
    ['ends at once and recovers', 'SIGQUIT'],
    ['is killed and recovers', 'SIGKILL'],
  ]
  for (const [way, signal] of ways) {
    test(`[R15] under load: a server that ${way} loses nothing that was acknowledged`, async (t) => {
      const { server } = bench()
      const store = await bench().open(t)
      const logins = loginsUntilStopped(t, store)
      await logins.untilMore(MANY)
      await server.stop(signal)
      await server.start()
      await logins.untilMore(MANY)
      const { recorded, refused } = await logins.stop()
      for (const n of recorded)
        assert.equal((await store.findSession(sampleSelector(n)))?.selector, sampleSelector(n))
      // A commit of whose fate nobody could be asked in time may be there, and then it is there whole.
      let undecided = 0
      for (const n of refused) {
        const isThere = (await store.findSession(sampleSelector(n))) !== null
        assert.equal((await store.findCode(sampleHash(`code-${n}`))) !== null, isThere)
        if (isThere) undecided += 1
      }
      assert.equal((await store.listUsers({ limit: 100_000 })).length, recorded.length + undecided)
    })
  }

  test('[R15] a short restart is waited out: whoever asks meanwhile gets an answer', async (t) => {
    const { server } = bench()
    const store = await bench().open(t)
    await store.recordLogin(firstLogin(1))
    await server.stop()
    const [found, outcome] = [store.findSession(sampleSelector(1)), store.recordLogin(firstLogin(2))]
    await server.start()
    assert.notEqual(await found, null)
    assert.equal(await outcome, 'recorded')
  })

  test('[R15] while there is none every call is unavailable, and works again by itself', async (t) => {
    const { server } = bench()
    const store = await bench().open(t, { limits: { patienceMs: [1, 1] } })
    await server.stop()
    await assert.rejects(store.findSession(sampleSelector(1)), StoreUnavailableError)
    await assert.rejects(store.recordLogin(firstLogin(1)), StoreUnavailableError)
    await assert.rejects(store.listChanges({ afterSeq: 0, limit: 1 }), StoreUnavailableError)
    await assert.rejects(store.check(), StoreUnavailableError)
    await server.start()
    await store.check()
    assert.equal(await store.recordLogin(firstLogin(1)), 'recorded')
  })
})

describe('a PostgreSQL that makes one wait', needs('postgresql'), () => {
  const bench = setBench()

  /** A store with user 1, whom somebody else holds locked. */
  async function openBlocked(
    t: TestContext,
    limits: Partial<PostgresLimits>,
  ): Promise<{ store: Store; holder: PoolClient }> {
    const database = await bench().createBook()
    const store = await bench().open(t, { database, limits })
    await store.recordLogin(firstLogin(1))
    const pool = bench().server.pool(database)
    const holder = await pool.connect()
    t.after(async () => {
      holder.release(true)
      await pool.end()
    })
    await holder.query('BEGIN')
    await holder.query('SELECT 1 FROM yaopai.users FOR UPDATE')
    return { store, holder }
  }

  const waits: [string, Partial<PostgresLimits>][] = [
    ['for a lock', { lockMs: 20 }],
    ['for a statement', { statementMs: 500 }],
    ['for an answer that does not come', { answerMs: 1_500, patienceMs: [] }],
  ]
  for (const [what, limits] of waits) {
    test(`[R15] waits ${what} as long as it was told, writes nothing, and works again`, async (t) => {
      const { store, holder } = await openBlocked(t, limits)
      await assert.rejects(ban(store), StoreUnavailableError)
      await holder.query('ROLLBACK')
      assert.deepEqual([(await store.findUser(USER))?.bannedAtMs, await eventsOf(store, 1)], [null, []])
      await store.check()
      assert.equal(await ban(store), true)
    })
  }

  test('[R15] a connection that the server ends while it waits for a lock is replaced, and the work done once', async (t) => {
    const { store, holder } = await openBlocked(t, {})
    const banning = ban(store)
    await untilSomebodyWaits(holder)
    await holder.query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE NOT granted`)
    await holder.query('ROLLBACK')
    assert.equal(await banning, true)
    assert.equal((await eventsOf(store, 1)).length, 1)
  })

  test('a pool without a free connection is unavailable in time, and the late one is not lost', async (t) => {
    const pool = bench().server.pool(await bench().createBook(), { max: 1 })
    const store = await bench().open(t, { pool, limits: { patienceMs: [] } })
    const busy = await pool.connect()
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const refused = assert.rejects(store.check(), StoreUnavailableError)
    t.mock.timers.tick(DEFAULT_LIMITS.connectMs)
    await refused
    t.mock.timers.reset()
    busy.release()
    await store.check()
    await store.check()
  })
})

describe('a PostgreSQL that is set up otherwise', needs('postgresql'), () => {
  const bench = setBench()

  test('commits wait for the disk, also where the database would not', async (t) => {
    const database = await bench().createBook()
    await bench().server.ask('postgres', `ALTER DATABASE ${database} SET synchronous_commit = off`)
    const seen: unknown[] = []
    const pool = wrappedPool(bench().server.pool(database), {
      async onQuery({ text }, pass, client) {
        if (text === 'COMMIT') seen.push((await client.query('SHOW synchronous_commit')).rows[0])
        return pass()
      },
    })
    const store = await bench().open(t, { pool })
    await store.recordLogin(firstLogin(1))
    assert.deepEqual(seen, [{ synchronous_commit: 'on' }])
  })

  test('a database that only reads is told by the check, and refuses writes alone', async (t) => {
    const database = await bench().createBook()
    const store = await bench().open(t, { database, limits: { patienceMs: [] } })
    await bench().server.ask('postgres', `ALTER DATABASE ${database} SET default_transaction_read_only = on`)
    const others = `pid <> pg_backend_pid() AND datname = '${database}'`
    await bench().server.ask(
      'postgres',
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE ${others}`,
    )
    await assert.rejects(store.check(), StoreUnavailableError)
    await assert.rejects(store.recordLogin(firstLogin(1)), StoreUnavailableError)
    await assert.rejects(store.check(), StoreUnavailableError)
    assert.equal(await store.findUser(USER), null)
  })

  test('a transaction that another one’s deadlock undid is made again', async (t) => {
    const database = await bench().createBook()
    let left = 3
    const pool = wrappedPool(bench().server.pool(database), {
      onQuery: (query, pass) =>
        query.text.includes('INSERT INTO yaopai.sessions') && left-- > 0
          ? Promise.reject(
              Object.assign(new Error('deadlock detected'), { severity: 'ERROR', code: '40P01' }),
            )
          : pass(),
    })
    const store = await bench().open(t, { pool })
    assert.equal(await store.recordLogin(firstLogin(1)), 'recorded')
    assert.ok(left < 0)
    left = Number.POSITIVE_INFINITY
    await assert.rejects(store.recordLogin(firstLogin(2)), StoreUnavailableError)
  })

  test('what the server refuses is told without the values that it was about', async (t) => {
    const store = await bench().open(t)
    const event = sampleEvent(1)
    await store.appendEvents([event])
    await assert.rejects(store.appendEvents([event]), (error) => {
      assert.ok(error instanceof StoreUnavailableError)
      assert.match(String(error.cause), /PostgreSQL refused \(23505\)/)
      assert.ok(!JSON.stringify([error, String(error.cause), error.cause]).includes(event.id))
      return true
    })
  })
})

function ban(store: Store): Promise<boolean> {
  return store.setUserBan({ userId: USER, bannedAtMs: NOW_MS, events: [sampleEvent(1)] })
}

interface Load {
  untilMore(count: number): Promise<void>
  stop(): Promise<{ readonly recorded: readonly number[]; readonly refused: readonly number[] }>
}

/** Eight clients that log new people in, one after the other, until they are told to stop. */
function loginsUntilStopped(t: TestContext, store: Store): Load {
  const recorded: number[] = []
  const refused: number[] = []
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  let next = 0
  let isStopped = false
  t.after(() => {
    isStopped = true
  })

  const client = async (): Promise<void> => {
    while (!isStopped) {
      next += 1
      const n = next
      const outcome = await store.recordLogin(firstLogin(n)).catch((error: unknown) => {
        assert.ok(error instanceof StoreUnavailableError, String(error))
        return 'refused'
      })
      if (outcome === 'recorded') recorded.push(n)
      else {
        refused.push(n)
        // A test that failed closes its store, which then refuses at once: without a turn nothing else would ever run.
        await turn()
      }
      for (const { count, resolve } of waiting) if (recorded.length >= count) resolve()
    }
  }
  const clients = Array.from({ length: 8 }, client)
  return {
    untilMore: (count) => new Promise((resolve) => waiting.push({ count: recorded.length + count, resolve })),
    async stop() {
      isStopped = true
      await Promise.all(clients)
      return { recorded, refused }
    },
  }
}
