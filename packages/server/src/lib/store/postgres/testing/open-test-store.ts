import { after, before, type TestContext } from 'node:test'
import {
  type ServerSettings,
  startPostgres,
  type TestServer,
} from '../../../../../../../tools/postgres-server.ts'
import { readMigrationsOf } from '../../sql/migrations.ts'
import { PATIENT } from '../../sql/testing/node-cases.ts'
import type { OpenBench } from '../../sql/testing/open-cases.ts'
import type { OtherNode, SqlOpenOptions } from '../../sql/testing/sql-bench.ts'
import type { Store } from '../../store.ts'
import { openPostgresStore, type PostgresStoreOptions } from '../postgres-store.ts'
import { wrappedPool } from './wrapped-pool.ts'

/** Books are copies of one that was migrated once. */
export interface Bench extends OpenBench {
  readonly server: TestServer
  open(t: TestContext, options?: OpenOptions): Promise<Store>
  /** A store on a database that all who ask here share, emptied: much faster than a new one. */
  openEmptied(t: TestContext): Promise<Store>
}

export type OpenOptions = Partial<PostgresStoreOptions> & Pick<SqlOpenOptions, 'database' | 'meddling'>

/** To be called in a `describe`: the server runs as long as its tests do. */
export function setBench(settings: ServerSettings = {}): () => Bench {
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

async function openBench(settings: ServerSettings): Promise<Bench> {
  const server = await startPostgres(settings)
  const template = await server.createDatabase()
  await (await openPostgresStore({ pool: server.pool(template) })).close()
  const createBook = () => server.createDatabase(template)
  const open: Bench['open'] = async (t, { database, meddling, ...options } = {}) => {
    const own = async () => server.pool(database ?? (await createBook()))
    const pool = options.pool ?? (meddling ? wrappedPool(await own(), meddling) : await own())
    const store = await openPostgresStore({ ...options, pool })
    t.after(() => store.close())
    return store
  }
  return {
    server,
    createBook,
    open,
    ...DIALECT,
    createDatabase: () => server.createDatabase(),
    ask: server.ask,
    openOther: (t, database) => openOther(t, server, database),
    end: async (pid) => void (await server.ask('postgres', `SELECT pg_terminate_backend(${pid}, 5000)`)),
    async openEmptied(t) {
      await server.ask(template, EMPTY)
      return open(t, { database: template, limits: PATIENT })
    },
  }
}

const DIALECT: Pick<Bench, 'table' | 'migrations' | 'next' | 'deadlock' | 'untilSomebodyWaits'> = {
  table: (name) => `yaopai.${name}`,
  migrations: readMigrationsOf('postgres'),
  next: { name: '999-next.sql', sql: 'CREATE TABLE yaopai.next (a bigint)' },
  deadlock: () => Object.assign(new Error('deadlock detected'), { severity: 'ERROR', code: '40P01' }),
  async untilSomebodyWaits(node) {
    for (;;) {
      const [waiting] = await node.ask('SELECT pid FROM pg_locks WHERE NOT granted')
      if (waiting !== undefined) return Number(waiting['pid'])
    }
  },
}

async function openOther(t: TestContext, server: TestServer, database: string): Promise<OtherNode> {
  const pool = server.pool(database)
  const client = await pool.connect()
  t.after(async () => {
    client.release(true)
    await pool.end()
  })
  return { ask: async (text) => (await client.query(text)).rows }
}

/** TRUNCATE and not DELETE: dead rows, and plans made for empty tables, would slow down each test after the first. */
const EMPTY = `
  TRUNCATE yaopai.users, yaopai.identities, yaopai.sessions, yaopai.retired_tokens, yaopai.codes, yaopai.open_data,
    yaopai.events, yaopai.changes;
  ALTER SEQUENCE yaopai.changes_seq RESTART`
