import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { firstLogin, queryOf, sampleHash, sampleSelector, sampleUserId } from '../contract/samples.ts'
import { UnsuitableDatabaseError } from '../sql/faults.ts'
import { readMigrationsOf } from '../sql/migrations.ts'
import type { OpenOptions } from './testing/open-test-store.ts'
import { setBench } from './testing/open-test-store.ts'
import { wrappedPool } from './testing/wrapped-pool.ts'

const NEXT = { name: '999-next.sql', sql: 'CREATE TABLE yaopai.next (a bigint)' }

describe('opening a PostgreSQL database', needs('postgresql'), () => {
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
    const migrations = [...readMigrationsOf('postgres'), NEXT]
    const stores = await Promise.all([1, 2, 3, 4, 5].map(() => bench().open(t, { database, migrations })))
    await Promise.all(stores.map((store) => store.check()))
    const applied = await bench().server.ask(database, 'SELECT name FROM yaopai.migrations ORDER BY name')
    assert.deepEqual(
      applied.map((row) => row['name']),
      migrations.map(({ name }) => name),
    )
  })

  test('[R25] one step back: a version opens what the next one has only added to, and works beside it', async (t) => {
    const database = await bench().createBook()
    const added = { name: '999-added.expand.sql', sql: 'ALTER TABLE yaopai.users ADD COLUMN motto TEXT' }
    const newer = await bench().open(t, { database, migrations: [...readMigrationsOf('postgres'), added] })
    await newer.recordLogin(firstLogin(1))
    const older = await bench().open(t, { database })
    assert.equal(await older.recordLogin(firstLogin(2)), 'recorded')
    assert.equal((await older.findSession(sampleSelector(1)))?.userId, sampleUserId(1))
    assert.equal((await newer.findSession(sampleSelector(2)))?.userId, sampleUserId(2))
  })

  test('[R01] migrations are applied together or not at all', async (t) => {
    const database = await bench().server.createDatabase()
    const broken = [...readMigrationsOf('postgres'), { name: '999-broken.sql', sql: `${NEXT.sql}; oops` }]
    await assert.rejects(bench().open(t, { database, migrations: broken }))
    const schemas = await bench().server.ask(database, `SELECT to_regnamespace('yaopai') AS schema`)
    assert.deepEqual(schemas, [{ schema: null }])
    await (await bench().open(t, { database })).check()
  })

  test('a database that a newer version wrote, and a migration that was altered, are refused', async (t) => {
    const database = await bench().createBook()
    const migrations = readMigrationsOf('postgres')
    const altered = migrations.map((one) => ({ ...one, sql: `${one.sql}\n-- a word more` }))
    await assertRefused(t, { database, migrations: altered }, /001-first-book\.sql is not the one/)
    const windows = migrations.map((one) => ({ ...one, sql: one.sql.replaceAll('\n', '\r\n') }))
    await (await bench().open(t, { database, migrations: windows })).check()
    await (await bench().open(t, { database, migrations: [...migrations, NEXT] })).close()
    await assertRefused(t, { database }, /newer version.*999-next\.sql.*run that version/)
  })

  test('a schema of that name that another program made is left alone', async (t) => {
    const database = await bench().server.createDatabase()
    await bench().server.ask(database, 'CREATE SCHEMA yaopai; CREATE TABLE yaopai.theirs (a bigint)')
    await assertRefused(t, { database }, /belongs to another program/)
    const tables = await bench().server.ask(
      database,
      `SELECT relname FROM pg_class WHERE relnamespace = 'yaopai'::regnamespace`,
    )
    assert.deepEqual(tables, [{ relname: 'theirs' }])
  })

  test('the tables of other programs in the same database do not matter', async (t) => {
    const database = await bench().server.createDatabase()
    await bench().server.ask(database, 'CREATE TABLE users (a bigint); CREATE TABLE migrations (b bigint)')
    const store = await bench().open(t, { database })
    assert.equal(await store.recordLogin(firstLogin(1)), 'recorded')
  })

  test('who may make no schema is told the cure, and one that was made for them will do', async (t) => {
    const { server } = bench()
    const database = await server.createDatabase()
    await server.ask(database, `CREATE ROLE plain LOGIN PASSWORD 'plain'`)
    const config = { user: 'plain', password: 'plain' }
    await assertRefused(t, { pool: server.pool(database, config) }, /CREATE SCHEMA yaopai AUTHORIZATION/)
    await server.ask(database, 'CREATE SCHEMA yaopai AUTHORIZATION plain')
    const store = await bench().open(t, { pool: server.pool(database, config) })
    assert.equal(await store.recordLogin(firstLogin(1)), 'recorded')
  })

  test('a database that keeps text otherwise than in UTF-8, and a server that is too old, are refused', async (t) => {
    const { server } = bench()
    await server.ask('postgres', `CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`)
    await assertRefused(t, { database: 'latin' }, /LATIN1.*UTF8/)
    const old = wrappedPool(server.pool(await bench().createBook()), {
      onQuery: async (query, pass) =>
        query.text.includes('server_version_num')
          ? { rows: [{ version: 13, encoding: 'UTF8' }], rowCount: 1 }
          : pass(),
    })
    await assertRefused(t, { pool: old }, /PostgreSQL 13 is too old/)
  })
})
