import type { Pool, PoolClient } from 'pg'
import type { Held, Meddling } from '../../sql/testing/sql-bench.ts'
import type { PgClient, PgPool, PgResult } from '../driver.ts'

export function wrappedPool(pool: Pool, meddling: Meddling): PgPool {
  return {
    end: () => pool.end(),
    on: (event, listener) => pool.on(event, listener),
    async connect() {
      meddling.onConnect?.()
      return wrap(await pool.connect(), meddling)
    },
  }
}

function wrap(client: PoolClient, { onQuery, onDrop }: Meddling): PgClient {
  const held = heldOf(client)
  return {
    async query(query) {
      const pass = () => client.query(query)
      return (await (onQuery?.(query.text, pass, held) ?? pass())) as PgResult
    },
    release(destroy = false) {
      if (!destroy || onDrop?.() !== true) client.release(destroy)
      else client.on('error', () => undefined)
    },
    on: (event, listener) => client.on(event, listener),
    removeListener: (event, listener) => client.removeListener(event, listener),
  }
}

function heldOf(client: PoolClient): Held {
  const ask: Held['ask'] = async (text) => (await client.query(text)).rows
  return {
    ask,
    id: async () => Number((await ask('SELECT pg_backend_pid() AS pid'))[0]?.['pid']),
    drop: () => client.release(true),
  }
}
