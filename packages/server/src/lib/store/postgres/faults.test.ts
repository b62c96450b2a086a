import assert from 'node:assert/strict'
import process from 'node:process'
import { describe, test } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { StoreUnavailableError } from '../../errors.ts'
import { firstLogin, sampleUserId } from '../contract/samples.ts'
import { downCases, silentCases, troubleCases, waitCase } from '../sql/testing/fault-cases.ts'
import { assertKept, loginsUntilStopped } from '../sql/testing/logins-until-stopped.ts'
import { testCases } from '../sql/testing/sql-bench.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { setBench } from './testing/open-test-store.ts'

const USER = sampleUserId(1)
const MANY = 30
const WAYS = [
  ['restarts in order', 'SIGINT'],
  ['ends at once and recovers', 'SIGQUIT'],
  ['is killed and recovers', 'SIGKILL'],
] as const

// It does not sync here: what a process has written that is killed is kept by the system.
describe('a PostgreSQL with troubles', needs('postgresql'), () => {
  const bench = setBench()
  testCases(
    [
      ...downCases(WAYS),
      ...silentCases,
      waitCase('for a lock', { lockMs: 20 }),
      waitCase('for a statement', { statementMs: 500 }),
      waitCase('for an answer that does not come', { answerMs: 1_500, patienceMs: [] }),
      ...troubleCases,
    ],
    bench,
  )

  test('[R15] under load: a server of which one process is killed at its commit, and which begins anew, loses nothing that was acknowledged', async (t) => {
    let isKilling = false
    let kills = 0
    const store = await bench().open(t, {
      meddling: {
        async onQuery(text, pass, held) {
          if (!isKilling || text !== 'COMMIT') return pass()
          isKilling = false
          kills += 1
          const pid = await held.id()
          const committing = pass()
          process.kill(pid, 'SIGKILL')
          return committing
        },
      },
    })
    const logins = loginsUntilStopped(t, store)
    await logins.untilMore(MANY)
    isKilling = true
    await logins.untilMore(MANY)
    assert.equal(kills, 1)
    await assertKept(store, await logins.stop())
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

  test('commits wait for the disk, also where the database would not', async (t) => {
    const database = await bench().createBook()
    await bench().server.ask('postgres', `ALTER DATABASE ${database} SET synchronous_commit = off`)
    const seen: unknown[] = []
    const store = await bench().open(t, {
      database,
      meddling: {
        async onQuery(text, pass, held) {
          if (text === 'COMMIT') seen.push((await held.ask('SHOW synchronous_commit'))[0])
          return pass()
        },
      },
    })
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
})
