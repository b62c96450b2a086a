import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { firstLogin } from '../contract/samples.ts'
import { assertRefused, openCases } from '../sql/testing/open-cases.ts'
import { setBench } from './testing/open-test-store.ts'
import { wrappedPool } from './testing/wrapped-pool.ts'

describe('opening a PostgreSQL database', needs('postgresql'), () => {
  const bench = setBench()

  for (const { title, run } of openCases) test(title, (t) => run(t, bench()))

  test('[R01] migrations are applied together or not at all', async (t) => {
    const database = await bench().server.createDatabase()
    const broken = [...bench().migrations, { name: '999-broken.sql', sql: `${bench().next.sql}; oops` }]
    await assert.rejects(bench().open(t, { database, migrations: broken }))
    const schemas = await bench().server.ask(database, `SELECT to_regnamespace('yaopai') AS schema`)
    assert.deepEqual(schemas, [{ schema: null }])
    await (await bench().open(t, { database })).check()
  })

  test('a schema of that name that another program made is left alone', async (t) => {
    const database = await bench().server.createDatabase()
    await bench().server.ask(database, 'CREATE SCHEMA yaopai; CREATE TABLE yaopai.theirs (a bigint)')
    await assertRefused(bench().open(t, { database }), /belongs to another program/)
    const tables = await bench().server.ask(
      database,
      `SELECT relname FROM pg_class WHERE relnamespace = 'yaopai'::regnamespace`,
    )
    assert.deepEqual(tables, [{ relname: 'theirs' }])
  })

  test('who may make no schema is told the cure, and one that was made for them will do', async (t) => {
    const { server } = bench()
    const database = await server.createDatabase()
    await server.ask(database, `CREATE ROLE plain LOGIN PASSWORD 'plain'`)
    const config = { user: 'plain', password: 'plain' }
    await assertRefused(
      bench().open(t, { pool: server.pool(database, config) }),
      /CREATE SCHEMA yaopai AUTHORIZATION/,
    )
    await server.ask(database, 'CREATE SCHEMA yaopai AUTHORIZATION plain')
    const store = await bench().open(t, { pool: server.pool(database, config) })
    assert.equal(await store.recordLogin(firstLogin(1)), 'recorded')
  })

  test('a database that keeps text otherwise than in UTF-8, and a server that is too old, are refused', async (t) => {
    const { server } = bench()
    await server.ask('postgres', `CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`)
    await assertRefused(bench().open(t, { database: 'latin' }), /LATIN1.*UTF8/)
    const old = wrappedPool(server.pool(await bench().createBook()), {
      onQuery: async (text, pass) =>
        text.includes('server_version_num')
          ? { rows: [{ version: 13, encoding: 'UTF8' }], rowCount: 1 }
          : pass(),
    })
    await assertRefused(bench().open(t, { pool: old }), /PostgreSQL 13 is too old/)
  })
})
