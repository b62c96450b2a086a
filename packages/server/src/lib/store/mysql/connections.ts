import { Connections, type Link } from '../sql/connections.ts'
import { Deadline } from '../sql/deadline.ts'
import type { MysqlConnection, MysqlPool } from './driver.ts'
import { faultOf } from './faults.ts'
import type { MysqlLimits } from './limits.ts'
import { Outcomes } from './outcome.ts'
import { Session } from './session.ts'
import { sql } from './sql.ts'
import { Transaction } from './transaction.ts'

export type MysqlConnections = Connections<Session, Transaction>

export function connectMysql(pool: MysqlPool, limits: MysqlLimits): MysqlConnections {
  /** Connections that were set up as this store needs them. */
  const known = new WeakMap<MysqlConnection, Link<Session, Transaction>>()
  const connect = async () => {
    const connection = await takeFrom(pool)
    const link = known.get(connection) ?? (await makeLink(connection, limits))
    known.set(connection, link)
    return link
  }
  const end = () => new Promise<void>((resolve) => pool.end(() => resolve()))
  return new Connections({ connect, end, faultOf }, limits)
}

function takeFrom(pool: MysqlPool): Promise<MysqlConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => {
      if (error === null || error === undefined) resolve(connection)
      else reject(error)
    })
  })
}

async function makeLink(
  connection: MysqlConnection,
  limits: MysqlLimits,
): Promise<Link<Session, Transaction>> {
  // Of one that breaks between two statements the next statement tells; unheard, it would end the process.
  connection.on('error', () => undefined)
  try {
    await setUp(new Session(connection, limits, new Deadline(limits.connectMs)), limits)
  } catch (error) {
    connection.destroy()
    throw error
  }
  const outcomes = new Outcomes()
  return {
    view: (deadline) => new Session(connection, limits, deadline),
    transaction: (deadline) =>
      new Transaction(connection, { limits, deadline, mark: outcomes.next(connection.threadId) }),
    giveBack(isSound) {
      if (isSound) connection.release()
      else connection.destroy()
    },
  }
}

/** The rules of a connection, whatever the server's defaults are. */
async function setUp(session: Session, { lockSeconds, idleSeconds }: MysqlLimits): Promise<void> {
  await session.ask([
    sql`SET NAMES utf8mb4`,
    sql`SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED`,
    sql`SET SESSION autocommit = 1, time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',
      innodb_lock_wait_timeout = ${lockSeconds}, lock_wait_timeout = ${lockSeconds}, wait_timeout = ${idleSeconds}`,
  ])
}
