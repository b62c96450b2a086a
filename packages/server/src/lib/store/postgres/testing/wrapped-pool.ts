import type { Pool, PoolClient } from 'pg'
import type { PgClient, PgPool, PgQuery, PgResult } from '../driver.ts'

type Answer = Promise<PgResult | readonly PgResult[]>

export interface Meddling {
  /** Stands between the store and the server: what it does instead of passing a query on, or around it. */
  readonly onQuery?: (query: PgQuery, pass: () => Answer, client: PoolClient) => Answer
  readonly onConnect?: () => void
  /** True: the connection stays open, as one does of which the network lost the end. */
  readonly onRelease?: (isDestroyed: boolean) => boolean
}

export function wrappedPool(pool: Pool, { onQuery, onConnect, onRelease }: Meddling): PgPool {
  return {
    end: () => pool.end(),
    on: (event, listener) => pool.on(event, listener),
    async connect(): Promise<PgClient> {
      onConnect?.()
      const client = await pool.connect()
      const pass = (query: PgQuery): Answer => client.query(query)
      return {
        query: (query) => onQuery?.(query, () => pass(query), client) ?? pass(query),
        release(destroy = false) {
          if (onRelease?.(destroy) !== true) client.release(destroy)
        },
        on: (event, listener) => client.on(event, listener),
        removeListener: (event, listener) => client.removeListener(event, listener),
      }
    },
  }
}
