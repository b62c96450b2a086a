import { after, before, type TestContext } from 'node:test'
import { readMigrationsOf } from '../../sql/migrations.ts'
import { PATIENT } from '../../sql/testing/node-cases.ts'
import type { OpenBench } from '../../sql/testing/open-cases.ts'
import type { OtherNode, SqlOpenOptions } from '../../sql/testing/sql-bench.ts'
import type { Store } from '../../store.ts'
import { type MysqlStoreOptions, openMysqlStore } from '../mysql-store.ts'
import { startMysql, type TestServer } from './mysql-server.ts'
import { wrappedPool } from './wrapped-pool.ts'

export interface Bench extends OpenBench {
  readonly server: TestServer
  open(t: TestContext, options?: OpenOptions): Promise<Store>
  /** A store on a database that all who ask here share, emptied: much faster than a new one. */
  openEmptied(t: TestContext): Promise<Store>
  createDatabase(options?: string): Promise<string>
}

export type OpenOptions = Partial<MysqlStoreOptions> & Pick<SqlOpenOptions, 'database' | 'meddling'>

/** To be called in a `describe`: the server runs as long as its tests do. */
export function setBench(settings?: Readonly<Record<string, string>>): () => Bench {
  let bench: Bench | null = null
  before(async () => {
    bench = await openBench(settings)
  })
  after(() => bench?.server.remove())
  return () => {
    if (bench === null) throw new Error('The server does not run yet')
    return bench
  }
}

async function openBench(settings?: Readonly<Record<string, string>>): Promise<Bench> {
  const server = await startMysql(settings)
  const createBook = async (): Promise<string> => {
    const database = await server.createDatabase()
    await (await openMysqlStore({ pool: server.pool(database) })).close()
    return database
  }
  const open: Bench['open'] = async (t, { database, meddling, ...options } = {}) => {
    const own = async () => server.pool(database ?? (await createBook()))
    const pool = options.pool ?? (meddling ? wrappedPool(await own(), meddling) : await own())
    const store = await openMysqlStore({ ...options, pool })
    t.after(() => store.close())
    return store
  }
  let shared: string | null = null
  return {
    server,
    createBook,
    open,
    ...DIALECT,
    createDatabase: (options) => server.createDatabase(options),
    ask: server.ask,
    openOther: (t, database) => openOther(t, server, database),
    end: async (id) => void (await server.ask(null, `KILL ${id}`)),
    async openEmptied(t) {
      shared ??= await createBook()
      await server.ask(shared, EMPTY)
      return open(t, { database: shared, limits: PATIENT })
    },
  }
}

const DIALECT: Pick<Bench, 'table' | 'migrations' | 'next' | 'deadlock' | 'untilSomebodyWaits'> = {
  table: (name) => `yaopai_${name}`,
  migrations: readMigrationsOf('mysql'),
  next: {
    name: '999-next.sql',
    sql: `-- One more; of it two columns.
      CREATE TABLE yaopai_next (a BIGINT PRIMARY KEY);
      ALTER TABLE yaopai_next ADD COLUMN b BIGINT;
      ALTER TABLE yaopai_next ADD COLUMN c BIGINT;
      CREATE INDEX next_c ON yaopai_next (c);
      INSERT IGNORE INTO yaopai_next (a) VALUES (1);
    `,
  },
  deadlock: () =>
    Object.assign(new Error('Deadlock found'), { errno: 1213, sqlState: '40001', code: 'ER_LOCK_DEADLOCK' }),
  async untilSomebodyWaits(node) {
    for (;;) {
      const [waits] = await node.ask(`SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'`)
      if (Number(waits?.['Value']) > 0) break
    }
    const [waiting] = await node.ask(
      `SELECT ID AS id FROM information_schema.PROCESSLIST WHERE COMMAND = 'Query' AND ID <> CONNECTION_ID()`,
    )
    return Number(waiting?.['id'])
  },
}

async function openOther(t: TestContext, server: TestServer, database: string): Promise<OtherNode> {
  const pool = server.pool(database)
  const connection = await pool.promise().getConnection()
  t.after(async () => {
    connection.destroy()
    await pool.promise().end()
  })
  return { ask: async (text) => (await connection.query(text))[0] as Record<string, unknown>[] }
}

/** DELETE and not TRUNCATE, which makes the files of each table anew; numbers of changes go on. */
const EMPTY = [
  'users',
  'identities',
  'sessions',
  'retired_tokens',
  'codes',
  'open_data',
  'events',
  'changes',
  'notes',
  'outcomes',
]
  .map((table) => `DELETE FROM yaopai_${table}`)
  .join(';')
