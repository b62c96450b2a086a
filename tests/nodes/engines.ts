import { startMysql } from '../../packages/server/src/lib/store/mysql/testing/mysql-server.ts'
import { startPostgres } from '../../tools/postgres-server.ts'
import type { SystemPackage } from '../../tools/system-packages.mjs'

/** A database server of the machine's own programs, with one empty database for the nodes. */
export interface BookServer {
  readonly port: number
  /** What names its database, for programs on this machine. */
  readonly url: string
  /** With the rights of an administrator. A table is named as `table` says it. */
  ask(text: string): Promise<Record<string, unknown>[]>
  table(name: string): string
  remove(): Promise<void>
}

export interface Engine {
  readonly name: string
  readonly needs: SystemPackage
  start(): Promise<BookServer>
}

export const POSTGRES: Engine = {
  name: 'PostgreSQL',
  needs: 'postgresql',
  async start() {
    const server = await startPostgres()
    const database = await server.createDatabase()
    return {
      port: server.port,
      url: server.url(database),
      ask: (text) => server.ask(database, text),
      table: (name) => `yaopai.${name}`,
      remove: () => server.remove(),
    }
  },
}

export const MARIADB: Engine = {
  name: 'MariaDB',
  needs: 'mariadb',
  async start() {
    const server = await startMysql()
    const database = await server.createDatabase()
    return {
      port: server.port,
      url: server.urlOf(database),
      ask: (text) => server.ask(database, text),
      table: (name) => `yaopai_${name}`,
      remove: () => server.remove(),
    }
  },
}
