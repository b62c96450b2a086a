import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { firstLogin, queryOf, sampleHash, sampleSelector, sampleUserId } from '../../contract/samples.ts'
import type { Store } from '../../store.ts'
import { UnsuitableDatabaseError } from '../faults.ts'
import type { Migration } from '../migrations.ts'
import type { SqlBench, SqlCase, SqlOpenOptions } from './sql-bench.ts'

export interface OpenOptions extends SqlOpenOptions {
  readonly migrations?: readonly Migration[]
}

/** What opening needs besides: databases that are empty, and the migrations of the store. */
export interface OpenBench extends SqlBench {
  readonly migrations: readonly Migration[]
  /** One more, that is no expansion. */
  readonly next: Migration
  open(t: TestContext, options?: OpenOptions): Promise<Store>
  createDatabase(): Promise<string>
  ask(database: string, text: string): Promise<Record<string, unknown>[]>
}

export async function assertRefused(opening: Promise<Store>, message: RegExp): Promise<void> {
  await assert.rejects(opening, (error) => {
    assert.ok(error instanceof UnsuitableDatabaseError, String(error))
    assert.equal(error.exitCode, 78)
    assert.match(error.message, message)
    return true
  })
}

interface OpenCase extends Omit<SqlCase, 'run'> {
  run(t: TestContext, bench: OpenBench): Promise<void>
}

export const openCases: OpenCase[] = [
  {
    title: 'a restart of the store keeps everything',
    async run(t, bench) {
      const database = await bench.createBook()
      const before = await bench.open(t, { database })
      await before.recordLogin(firstLogin(1))
      const mark = { hash: sampleHash('mark'), forgetAfterMs: 1, events: [] }
      await before.useOpenData(mark)
      await before.close()
      const store = await bench.open(t, { database })
      assert.notEqual(await store.findSession(sampleSelector(1)), null)
      assert.notEqual(await store.findUser(sampleUserId(1)), null)
      assert.notEqual(await store.findIdentity(queryOf(1)), null)
      assert.notEqual(await store.findCode(sampleHash('code-1')), null)
      assert.equal(await store.useOpenData(mark), 'conflict')
    },
  },
  {
    title: 'nodes that start at once on an empty database all come up, and each migration ran once',
    async run(t, bench) {
      const database = await bench.createDatabase()
      const migrations = [...bench.migrations, bench.next]
      const stores = await Promise.all([1, 2, 3, 4, 5].map(() => bench.open(t, { database, migrations })))
      await Promise.all(stores.map((store) => store.check()))
      const applied = await bench.ask(
        database,
        `SELECT name, applied_at_ms FROM ${bench.table('migrations')} ORDER BY name`,
      )
      assert.deepEqual(
        applied.map((row) => String(row['name'])),
        migrations.map(({ name }) => name),
      )
      assert.ok(applied.every((row) => row['applied_at_ms'] !== null))
    },
  },
  {
    title: '[R25] one step back: a version opens what the next one has only added to, and works beside it',
    async run(t, bench) {
      const database = await bench.createBook()
      const sql = `ALTER TABLE ${bench.table('users')} ADD COLUMN motto TEXT`
      const added = { name: '999-added.expand.sql', sql }
      const newer = await bench.open(t, { database, migrations: [...bench.migrations, added] })
      await newer.recordLogin(firstLogin(1))
      const older = await bench.open(t, { database })
      assert.equal(await older.recordLogin(firstLogin(2)), 'recorded')
      assert.equal((await older.findSession(sampleSelector(1)))?.userId, sampleUserId(1))
      assert.equal((await newer.findSession(sampleSelector(2)))?.userId, sampleUserId(2))
    },
  },
  {
    title: 'a database that a newer version wrote, and a migration that was altered, are refused',
    async run(t, bench) {
      const database = await bench.createBook()
      const { migrations } = bench
      const altered = migrations.map((one) => ({ ...one, sql: `${one.sql}\n-- a word more` }))
      await assertRefused(
        bench.open(t, { database, migrations: altered }),
        /001-first-book\.sql is not the one/,
      )
      const windows = migrations.map((one) => ({ ...one, sql: one.sql.replaceAll('\n', '\r\n') }))
      await (await bench.open(t, { database, migrations: windows })).check()
      await (await bench.open(t, { database, migrations: [...migrations, bench.next] })).close()
      await assertRefused(bench.open(t, { database }), /newer version.*999-next\.sql.*run that version/)
    },
  },
  {
    title: 'the tables of other programs in the same database do not matter',
    async run(t, bench) {
      const database = await bench.createDatabase()
      for (const table of ['users', 'migrations'])
        await bench.ask(database, `CREATE TABLE ${table} (a bigint)`)
      const store = await bench.open(t, { database })
      assert.equal(await store.recordLogin(firstLogin(1)), 'recorded')
    },
  },
]
