import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { firstLogin, queryOf, sampleHash, sampleSelector, sampleUserId } from '../contract/samples.ts'
import { UnsuitableDatabaseError } from '../sql/faults.ts'
import { readMigrationsOf } from '../sql/migrations.ts'
import type { MysqlPool } from './driver.ts'
import { statementsOf } from './migrate.ts'
import { type OpenOptions, setBench } from './testing/open-test-store.ts'
import { wrappedPool } from './testing/wrapped-pool.ts'

const NEXT = {
  name: '999-next.sql',
  sql: `-- One more; of it two columns.
    CREATE TABLE yaopai_next (a BIGINT PRIMARY KEY);
    ALTER TABLE yaopai_next ADD COLUMN b BIGINT;
    ALTER TABLE yaopai_next ADD COLUMN c BIGINT;
    CREATE INDEX next_c ON yaopai_next (c);
    INSERT IGNORE INTO yaopai_next (a) VALUES (1);
  `,
}

describe('opening a MySQL database', needs('mariadb'), () => {
  const bench = setBench()

  async function assertRefused(t: TestContext, options: OpenOptions, message: RegExp): Promise<void> {
    await assert.rejects(bench().open(t, options), (error) => {
      assert.ok(error instanceof UnsuitableDatabaseError, String(error))
      assert.equal(error.exitCode, 78)
      assert.match(error.message, message)
      return true
    })
  }

  test('a restart of the store keeps everything', async (t) => {
    const database = await bench().createBook()
    const before = await bench().open(t, { database })
    await before.recordLogin(firstLogin(1))
    const mark = { hash: sampleHash('mark'), forgetAfterMs: 1, events: [] }
    await before.useOpenData(mark)
    await before.close()
    const store = await bench().open(t, { database })
    assert.notEqual(await store.findSession(sampleSelector(1)), null)
    assert.notEqual(await store.findUser(sampleUserId(1)), null)
    assert.notEqual(await store.findIdentity(queryOf(1)), null)
    assert.notEqual(await store.findCode(sampleHash('code-1')), null)
    assert.equal(await store.useOpenData(mark), 'conflict')
  })

  test('nodes that start at once on an empty database all come up, and each migration ran once', async (t) => {
    const database = await bench().server.createDatabase()
    const migrations = [...readMigrationsOf('mysql'), NEXT]
    const stores = await Promise.all([1, 2, 3, 4, 5].map(() => bench().open(t, { database, migrations })))
    await Promise.all(stores.map((store) => store.check()))
    const applied = await bench().server.ask(
      database,
      'SELECT CONVERT(name USING utf8mb4) AS name, applied_at_ms FROM yaopai_migrations ORDER BY name',
    )
    assert.deepEqual(
      applied.map((row) => row['name']),
      migrations.map(({ name }) => name),
    )
    assert.ok(applied.every((row) => row['applied_at_ms'] !== null))
  })

  test('[R25] one step back: a version opens what the next one has only added to, and works beside it', async (t) => {
    const database = await bench().createBook()
    const added = { name: '999-added.expand.sql', sql: 'ALTER TABLE yaopai_users ADD COLUMN motto TEXT' }
    const newer = await bench().open(t, { database, migrations: [...readMigrationsOf('mysql'), added] })
    await newer.recordLogin(firstLogin(1))
    const older = await bench().open(t, { database })
    assert.equal(await older.recordLogin(firstLogin(2)), 'recorded')
    assert.equal((await older.findSession(sampleSelector(1)))?.userId, sampleUserId(1))
    assert.equal((await newer.findSession(sampleSelector(2)))?.userId, sampleUserId(2))
  })

  test('[R01] a migration that was killed at any step goes on from there, also where the step was done and not noted', async (t) => {
    const migrations = [...readMigrationsOf('mysql'), NEXT]
    const database = await bench().createBook()
    const forget = `DROP TABLE IF EXISTS yaopai_next; DELETE FROM yaopai_migrations WHERE name = '${NEXT.name}'`
    for (let killAt = 0; killAt < statementsOf(NEXT.sql).length; killAt += 1) {
      for (const isDoneBefore of [false, true]) {
        await bench().server.ask(database, forget)
        const pool = wrappedPool(bench().server.pool(database), {
          async onQuery({ sql }, pass) {
            if (sql !== statementsOf(NEXT.sql)[killAt]) return pass()
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
      ...readMigrationsOf('mysql'),
      { name: '999-broken.sql', sql: 'CREATE TABLE yaopai_users (a INT);' },
    ]
    await assert.rejects(bench().open(t, { database, migrations: broken }))
  })

  test('a database that a newer version wrote, and a migration that was altered, are refused', async (t) => {
    const database = await bench().createBook()
    const migrations = readMigrationsOf('mysql')
    const altered = migrations.map((one) => ({ ...one, sql: `${one.sql}\n-- a word more` }))
    await assertRefused(t, { database, migrations: altered }, /001-first-book\.sql is not the one/)
    const windows = migrations.map((one) => ({ ...one, sql: one.sql.replaceAll('\n', '\r\n') }))
    await (await bench().open(t, { database, migrations: windows })).check()
    await (await bench().open(t, { database, migrations: [...migrations, NEXT] })).close()
    await assertRefused(t, { database }, /newer version.*999-next\.sql.*run that version/)
  })

  test('lines of a file may end as on Windows', () => {
    assert.ok(statementsOf(readMigrationsOf('mysql')[0]?.sql ?? '').length > 10)
    for (const { sql } of readMigrationsOf('mysql')) {
      assert.equal(statementsOf(sql.replaceAll('\n', '\r\n')).length, statementsOf(sql).length)
    }
  })

  test('tables of our names that another program made are left alone', async (t) => {
    for (const table of ['yaopai_users', 'yaopai_migrations']) {
      const database = await bench().server.createDatabase()
      await bench().server.ask(database, `CREATE TABLE ${table} (a bigint)`)
      await assertRefused(t, { database }, new RegExp(`table ${table} that another program made`))
      assert.equal((await bench().server.ask(database, 'SHOW TABLES')).length, 1)
    }
  })

  test('the tables of other programs in the same database do not matter', async (t) => {
    const database = await bench().server.createDatabase()
    await bench().server.ask(database, 'CREATE TABLE users (a bigint); CREATE TABLE migrations (b bigint)')
    const store = await bench().open(t, { database })
    assert.equal(await store.recordLogin(firstLogin(1)), 'recorded')
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
      onQuery: async ({ sql }, pass) =>
        sql.includes('VERSION()') ? [[{ version, name }], variables] : pass(),
    })
  }

  test('[R02] a server that would lose a commit is refused until that is accepted', async (t) => {
    const { server } = bench()
    const database = await bench().createBook()
    t.after(() => server.ask(null, 'SET GLOBAL innodb_flush_log_at_trx_commit = 1'))
    await server.ask(null, 'SET GLOBAL innodb_flush_log_at_trx_commit = 2')
    await assertRefused(
      t,
      { database },
      /before it is on disk \(innodb_flush_log_at_trx_commit = 2\).*= 1 in/,
    )
    await (await bench().open(t, { database, isLossAccepted: true })).close()
    await server.ask(null, 'SET GLOBAL innodb_flush_log_at_trx_commit = 1')
    const logging = { log_bin: 'ON', sync_binlog: '0' }
    const cure = /\(sync_binlog = 0\): set sync_binlog = 1.*durability=relaxed/
    await assertRefused(t, { pool: await answering('8.4.3', logging) }, cure)
    await (await bench().open(t, { pool: await answering('8.4.3', { ...logging, log_bin: 'OFF' }) })).close()
  })

  test('a server that logs statements for replicas, and one that is too old, are refused', async (t) => {
    const logs = { log_bin: 'ON', binlog_format: 'STATEMENT', sync_binlog: '1' }
    await assertRefused(t, { pool: await answering('8.4.3', logs) }, /set binlog_format = ROW/)
    const [mysql, mariadb] = [await answering('5.7.44-log'), await answering('10.6.1-MariaDB')]
    await assertRefused(t, { pool: mysql }, /^MySQL 5\.7\.44-log is too old, at least 8\.0/)
    await assertRefused(t, { pool: mariadb }, /^MariaDB 10\.6\.1-MariaDB is too old.*10\.11/)
    for (const version of ['8.0.36', '11.4.2-MariaDB', '8.0.11-TiDB-v8.5.0', '5.7.25-OceanBase-v4.2.1']) {
      await (await bench().open(t, { pool: await answering(version) })).close()
    }
  })
})
