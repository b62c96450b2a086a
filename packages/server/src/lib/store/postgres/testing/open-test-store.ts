import { after, before, type TestContext } from 'node:test'
import type { ClientBase } from 'pg'
import type { Store } from '../../store.ts'
import { openPostgresStore, type PostgresStoreOptions } from '../postgres-store.ts'
import { type ServerSettings, startPostgres, type TestServer } from './postgres-server.ts'

/** What the tests of one file share: a server, and databases that are copies of one that was migrated once. */
export interface Bench {
  readonly server: TestServer
  readonly createBook: () => Promise<string>
  /** A store on the database that is named, or on a new one. */
  readonly open: (t: TestContext, options?: OpenOptions) => Promise<Store>
  /** A store on a database that all who ask here share, emptied: much faster than a new one. */
  readonly openEmptied: (t: TestContext) => Promise<Store>
}

export interface OpenOptions extends Partial<PostgresStoreOptions> {
  readonly database?: string
}

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
  const open: Bench['open'] = async (t, { database, ...options } = {}) => {
    const pool = server.pool(database ?? (await createBook()))
    const store = await openPostgresStore({ pool, ...options })
    t.after(() => store.close())
    return store
  }
  return {
    server,
    createBook,
    open,
    async openEmptied(t) {
      await server.ask(template, EMPTY)
      return open(t, { database: template })
    },
  }
}

/** TRUNCATE and not DELETE: dead rows, and plans made for empty tables, would slow down each test after the first. */
const EMPTY = `
  TRUNCATE yaopai.users, yaopai.identities, yaopai.sessions, yaopai.retired_tokens, yaopai.codes, yaopai.open_data,
    yaopai.events, yaopai.changes;
  ALTER SEQUENCE yaopai.changes_seq RESTART`

/** Asks the server until one of its connections waits for a lock. */
export async function untilSomebodyWaits(client: ClientBase): Promise<void> {
  for (;;) {
    const { rows } = await client.query('SELECT 1 FROM pg_locks WHERE NOT granted')
    if (rows.length > 0) return
  }
}
