import { after, before, type TestContext } from 'node:test'
import type { Store } from '../../store.ts'
import { type MysqlStoreOptions, openMysqlStore } from '../mysql-store.ts'
import { startMysql, type TestServer } from './mysql-server.ts'

/** What the tests of one file share: a server, and databases. */
export interface Bench {
  readonly server: TestServer
  /** The name of a new database with the book in it. */
  readonly createBook: () => Promise<string>
  /** A store on the database that is named, or on a new one. */
  readonly open: (t: TestContext, options?: OpenOptions) => Promise<Store>
  /** A store on a database that all who ask here share, emptied: much faster than a new one. */
  readonly openEmptied: (t: TestContext) => Promise<Store>
}

export interface OpenOptions extends Partial<MysqlStoreOptions> {
  readonly database?: string
}

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
  const open: Bench['open'] = async (t, { database, ...options } = {}) => {
    const pool = options.pool ?? server.pool(database ?? (await createBook()))
    const store = await openMysqlStore({ ...options, pool })
    t.after(() => store.close())
    return store
  }
  let shared: string | null = null
  return {
    server,
    createBook,
    open,
    async openEmptied(t) {
      shared ??= await createBook()
      await server.ask(shared, EMPTY)
      return open(t, { database: shared })
    },
  }
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
  'outcomes',
]
  .map((table) => `DELETE FROM yaopai_${table}`)
  .join(';')
