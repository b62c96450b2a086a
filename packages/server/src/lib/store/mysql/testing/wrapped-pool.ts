import type { Pool, PoolConnection } from 'mysql2'
import type { MysqlConnection, MysqlPool, MysqlQuery } from '../driver.ts'

type Pass = () => Promise<unknown>

export interface Meddling {
  /** Stands between the store and the server: what it does instead of passing a query on, or around it. */
  readonly onQuery?: (query: MysqlQuery, pass: Pass, connection: PoolConnection) => Promise<unknown>
  readonly onConnect?: () => void
  /** True: the connection stays open, as one does of which the network lost the end. */
  readonly onDestroy?: (connection: PoolConnection) => boolean
}

export function wrappedPool(pool: Pool, meddling: Meddling): MysqlPool {
  const known = new WeakMap<PoolConnection, MysqlConnection>()
  return {
    end: (callback) => pool.end(callback),
    getConnection(callback) {
      try {
        meddling.onConnect?.()
      } catch (error) {
        callback(error as Error, undefined as never)
        return
      }
      pool.getConnection((error, connection) => {
        if (error) return callback(error, undefined as never)
        const wrapped = known.get(connection) ?? wrap(connection, meddling)
        known.set(connection, wrapped)
        callback(null, wrapped)
      })
    },
  }
}

function wrap(connection: PoolConnection, { onQuery, onDestroy }: Meddling): MysqlConnection {
  return {
    threadId: connection.threadId,
    query(query, callback) {
      const pass: Pass = () =>
        new Promise((resolve, reject) => {
          connection.query(query as never, (error: Error | null, results: unknown) =>
            error === null ? resolve(results) : reject(error),
          )
        })
      const work = onQuery?.(query, pass, connection) ?? pass()
      work.then(
        (results) => callback(null, results),
        (error: Error) => callback(error, undefined),
      )
    },
    release: () => connection.release(),
    destroy() {
      if (onDestroy?.(connection) !== true) connection.destroy()
    },
    on: (event, listener) => connection.on(event, listener),
  }
}
