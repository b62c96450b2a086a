import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { firstLogin, sampleUserId } from '../contract/samples.ts'
import { assertRefused, openCases } from '../sql/testing/open-cases.ts'
import type { MysqlPool } from './driver.ts'
import { statementsOf } from './migrate.ts'
import { setBench } from './testing/open-test-store.ts'
import { wrappedPool } from './testing/wrapped-pool.ts'

describe('opening a MySQL database', needs('mariadb'), () => {
  const bench = setBench()

  for (const { title, run } of openCases) test(title, (t) => run(t, bench()))

  test('[R01] a migration that was killed at any step goes on from there, also where the step was done and not noted', async (t) => {
    const migrations = [...bench().migrations, bench().next]
    const database = await bench().createBook()
    const forget = `DROP TABLE IF EXISTS yaopai_next; DELETE FROM yaopai_migrations WHERE name = '${bench().next.name}'`
    for (let killAt = 0; killAt < statementsOf(bench().next.sql).length; killAt += 1) {
      for (const isDoneBefore of [false, true]) {
        await bench().server.ask(database, forget)
        const pool = wrappedPool(bench().server.pool(database), {
          async onQuery(text, pass) {
            if (text !== statementsOf(bench().next.sql)[killAt]) return pass()
            if (isDoneBefore) await pass()
            throw Object.assign(new Error('killed'), { errno: 1041, sqlState: 'HY000', code: 'ER_KILLED' })
          },
        })
        await assert.rejects(bench().open(t, { pool, migrations }))
        await (await bench().open(t, { database, migrations })).check()
        const columns = await bench().server.ask(database, 'SELECT a, b, c FROM yaopai_next')
        assert.deepEqual(columns, [{ a: 1, b: null, c: null }])
      }
    }
  })

  test('a migration that fails for another reason is not taken for done', async (t) => {
    const database = await bench().createBook()
    const broken = [
      ...bench().migrations,
      { name: '999-broken.sql', sql: 'CREATE TABLE yaopai_users (a INT);' },
    ]
    await assert.rejects(bench().open(t, { database, migrations: broken }))
  })

  test('lines of a file may end as on Windows', () => {
    assert.ok(statementsOf(bench().migrations[0]?.sql ?? '').length > 10)
    for (const { sql } of bench().migrations) {
      assert.equal(statementsOf(sql.replaceAll('\n', '\r\n')).length, statementsOf(sql).length)
    }
  })

  test('tables of our names that another program made are left alone', async (t) => {
    for (const table of ['yaopai_users', 'yaopai_migrations']) {
      const database = await bench().server.createDatabase()
      await bench().server.ask(database, `CREATE TABLE ${table} (a bigint)`)
      await assertRefused(
        bench().open(t, { database }),
        new RegExp(`table ${table} that another program made`),
      )
      assert.equal((await bench().server.ask(database, 'SHOW TABLES')).length, 1)
    }
  })

  test('[T24] the character set of the database does not matter', async (t) => {
    const database = await bench().server.createDatabase('CHARACTER SET latin1 COLLATE latin1_general_ci')
    const store = await bench().open(t, { database })
    await store.recordLogin(firstLogin(1))
    const renamed = { userId: sampleUserId(1), nickname: '小明 👨‍👩‍👧', events: [] }
    assert.equal((await store.updateProfile(renamed))?.nickname, renamed.nickname)
    assert.equal((await store.findUser(sampleUserId(1)))?.nickname, renamed.nickname)
  })

  /** A pool behind which a server of that version is, with what it shows of its settings. */
  async function answering(
    version: string,
    shown: Readonly<Record<string, string>> = {},
  ): Promise<MysqlPool> {
    const name = await bench().createBook()
    const variables = Object.entries(shown).map(([Variable_name, Value]) => ({ Variable_name, Value }))
    return wrappedPool(bench().server.pool(name), {
      onQuery: async (text, pass) => (text.includes('VERSION()') ? [[{ version, name }], variables] : pass()),
    })
  }

  test('[R02] a server that would lose a commit is refused until that is accepted', async (t) => {
    const { server } = bench()
    const database = await bench().createBook()
    t.after(() => server.ask(null, 'SET GLOBAL innodb_flush_log_at_trx_commit = 1'))
    await server.ask(null, 'SET GLOBAL innodb_flush_log_at_trx_commit = 2')
    await assertRefused(
      bench().open(t, { database }),
      /before it is on disk \(innodb_flush_log_at_trx_commit = 2\).*= 1 in/,
    )
    await (await bench().open(t, { database, isLossAccepted: true })).close()
    await server.ask(null, 'SET GLOBAL innodb_flush_log_at_trx_commit = 1')
    const logging = { log_bin: 'ON', sync_binlog: '0' }
    const cure = /\(sync_binlog = 0\): set sync_binlog = 1.*durability=relaxed/
    await assertRefused(bench().open(t, { pool: await answering('8.4.3', logging) }), cure)
    await (await bench().open(t, { pool: await answering('8.4.3', { ...logging, log_bin: 'OFF' }) })).close()
  })

  test('a server that logs statements for replicas, and one that is too old, are refused', async (t) => {
    const logs = { log_bin: 'ON', binlog_format: 'STATEMENT', sync_binlog: '1' }
    await assertRefused(bench().open(t, { pool: await answering('8.4.3', logs) }), /set binlog_format = ROW/)
    const [mysql, mariadb] = [await answering('5.7.44-log'), await answering('10.6.1-MariaDB')]
    await assertRefused(bench().open(t, { pool: mysql }), /^MySQL 5\.7\.44-log is too old, at least 8\.0/)
    await assertRefused(bench().open(t, { pool: mariadb }), /^MariaDB 10\.6\.1-MariaDB is too old.*10\.11/)
    for (const version of ['8.0.36', '11.4.2-MariaDB', '8.0.11-TiDB-v8.5.0', '5.7.25-OceanBase-v4.2.1']) {
      await (await bench().open(t, { pool: await answering(version) })).close()
    }
  })
})
