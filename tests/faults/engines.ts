import {
  type TestServer as Mysql,
  startMysql,
} from '../../packages/server/src/lib/store/mysql/testing/mysql-server.ts'
import { type TestServer as Postgres, startPostgres } from '../../tools/postgres-server.ts'
import { type Book, serverBook } from './book.ts'
import { type FaultProxy, startFaultProxy } from './proxy.ts'
import type { Round } from './scenario.ts'

/** A database server of the machine's own programs with one database for the book. */
export interface Engine<Server> {
  readonly server: Server
  readonly database: string
  /** Reached by way of the proxy. */
  readonly book: Book
  readonly proxy: FaultProxy
  /** Past the proxy, for commands. */
  readonly direct: Readonly<Record<string, string>>
}

/** @param isDurable it syncs to its disk: for scenarios that take it down */
export async function startPostgresEngine(
  round: Round,
  { isDurable = false } = {},
): Promise<Engine<Postgres>> {
  const server = await startPostgres({ isDurable })
  round.after(() => server.remove())
  const database = await server.createDatabase()
  return behindProxy(round, { server, database, url: server.url(database), prefix: 'yaopai.' })
}

export async function startMariadbEngine(round: Round): Promise<Engine<Mysql>> {
  const server = await startMysql()
  round.after(() => server.remove())
  const database = await server.createDatabase()
  return behindProxy(round, { server, database, url: server.urlOf(database), prefix: 'yaopai_' })
}

interface Reached<Server> {
  readonly server: Server
  readonly database: string
  readonly url: string
  readonly prefix: string
}

interface Asked {
  readonly port: number
  ask(database: string, text: string): Promise<Record<string, unknown>[]>
}

async function behindProxy<Server extends Asked>(
  round: Round,
  { server, database, url, prefix }: Reached<Server>,
): Promise<Engine<Server>> {
  const proxy = await startFaultProxy(server.port)
  round.after(() => proxy.close())
  const book = serverBook(url.replace(`:${server.port}/`, `:${proxy.port}/`), prefix, (sql) =>
    server.ask(database, sql),
  )
  return { server, database, book, proxy, direct: { DATABASE_URL: url } }
}
