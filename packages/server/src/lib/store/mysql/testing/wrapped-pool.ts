import type { Pool, PoolConnection } from 'mysql2'
import type { Held, Meddling } from '../../sql/testing/sql-bench.ts'
import type { MysqlConnection, MysqlPool } from '../driver.ts'

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

function wrap(connection: PoolConnection, { onQuery, onDrop }: Meddling): MysqlConnection {
  const held = heldOf(connection)
  return {
    threadId: connection.threadId,
    query(query, callback) {
      const pass = () => ask(connection, query)
      const work = onQuery?.(query.sql, pass, held) ?? pass()
      work.then(
        (results) => callback(null, results),
        (error: Error) => callback(error, undefined),
      )
    },
    release: () => connection.release(),
    destroy() {
      if (onDrop?.() !== true) connection.destroy()
    },
    on: (event, listener) => connection.on(event, listener),
  }
}

function ask(connection: PoolConnection, query: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    connection.query(query as never, (error: Error | null, results: unknown) =>
      error === null ? resolve(results) : reject(error),
    )
  })
}

function heldOf(connection: PoolConnection): Held {
  const rowsOf: Held['ask'] = async (text) => (await ask(connection, text)) as Record<string, unknown>[]
  return {
    ask: rowsOf,
    id: async () => Number((await rowsOf('SELECT CONNECTION_ID() AS id'))[0]?.['id']),
    drop: () => connection.destroy(),
  }
}
