import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { StoreUnavailableError } from '../../errors.ts'
import { firstLogin, sampleUserId, sweepOrder } from '../contract/samples.ts'
import { ban } from '../sql/testing/ban.ts'
import { downCases, silentCases, troubleCases, waitCase } from '../sql/testing/fault-cases.ts'
import { testCases } from '../sql/testing/sql-bench.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { setBench } from './testing/open-test-store.ts'

const USER = sampleUserId(1)
const WAYS = [
  ['restarts in order', 'SIGTERM'],
  ['is killed and recovers', 'SIGKILL'],
] as const

describe('a MariaDB with troubles', needs('mariadb'), () => {
  const bench = setBench()
  testCases(
    [
      ...downCases(WAYS),
      ...silentCases,
      waitCase('for a lock', { lateRepeats: 0 }),
      waitCase('for an answer that does not come', { answerMs: 500, patienceMs: [] }),
      ...troubleCases,
    ],
    bench,
  )

  test('numbers of changes go on after a crash, also where all before were swept', async (t) => {
    const { server } = bench()
    const store = await bench().open(t)
    await store.recordLogin(firstLogin(1))
    assert.equal(await ban(store), true)
    const [first] = await store.listChanges({ afterSeq: 0, limit: 9 })
    await store.sweep(sweepOrder({ changesBeforeMs: Number.MAX_SAFE_INTEGER }))
    await server.stop('SIGKILL')
    await server.start()
    assert.equal(await store.setUserBan({ userId: USER, bannedAtMs: null, events: [] }), true)
    const [next] = await store.listChanges({ afterSeq: first?.seq ?? 0, limit: 9 })
    assert.ok(next !== undefined && first !== undefined && next.seq > first.seq)
  })

  test('a pool without a free connection is unavailable in time, and the late one is not lost', async (t) => {
    const pool = bench().server.pool(await bench().createBook(), { connectionLimit: 1 })
    const store = await bench().open(t, { pool, limits: { patienceMs: [] } })
    const busy = await pool.promise().getConnection()
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const refused = assert.rejects(store.check(), StoreUnavailableError)
    t.mock.timers.tick(DEFAULT_LIMITS.connectMs)
    await refused
    t.mock.timers.reset()
    busy.release()
    await store.check()
    await store.check()
  })

  test('a server that only reads is told by the check, and refuses writes alone', async (t) => {
    const { server } = bench()
    const database = await bench().createBook()
    await server.ask(database, `CREATE USER plain IDENTIFIED BY 'plain'; GRANT ALL ON ${database}.* TO plain`)
    const pool = server.pool(database, { user: 'plain', password: 'plain' })
    const store = await bench().open(t, { pool, limits: { patienceMs: [] } })
    await store.recordLogin(firstLogin(1))
    await server.ask(null, 'SET GLOBAL read_only = 1')
    t.after(() => server.ask(null, 'SET GLOBAL read_only = 0'))
    await assert.rejects(store.check(), StoreUnavailableError)
    await assert.rejects(store.recordLogin(firstLogin(2)), StoreUnavailableError)
    await assert.rejects(store.check(), StoreUnavailableError)
    assert.equal((await store.findUser(USER))?.id, USER)
    await server.ask(null, 'SET GLOBAL read_only = 0')
    await store.check()
    assert.equal(await store.recordLogin(firstLogin(2)), 'recorded')
  })
})
