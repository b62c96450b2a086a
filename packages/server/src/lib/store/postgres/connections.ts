import { Connections, type Link } from '../sql/connections.ts'
import type { PgClient, PgPool } from './driver.ts'
import { faultOf } from './faults.ts'
import type { PostgresLimits } from './limits.ts'
import { Sql } from './sql.ts'
import { Transaction } from './transaction.ts'

export type PostgresConnections = Connections<Sql, Transaction>

export function connectPostgres(pool: PgPool, limits: PostgresLimits): PostgresConnections {
  // A connection that breaks in the pool is replaced by it; without a listener its error would end the process.
  pool.on('error', ignore)
  const connect = async () => linkOf(await pool.connect(), limits)
  return new Connections({ connect, end: () => pool.end(), faultOf }, limits)
}

function linkOf(client: PgClient, limits: PostgresLimits): Link<Sql, Transaction> {
  client.on('error', ignore)
  return {
    view: (deadline) => new Sql(client, limits, deadline),
    transaction: (deadline) => new Transaction(client, limits, deadline),
    giveBack(isSound) {
      client.release(!isSound)
      client.removeListener('error', ignore)
    },
  }
}

/** Of a connection that breaks between two statements: the next statement tells. */
function ignore(): void {}
