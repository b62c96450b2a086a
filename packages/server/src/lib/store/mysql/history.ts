import type { EventRecord } from '../../events.ts'
import { AFTER_ALL_IDS } from '../sql/rows.ts'
import type { Store } from '../store.ts'
import { EVENT_COLUMNS } from './rows.ts'
import type { Session } from './session.ts'
import { joined, sql } from './sql.ts'
import type { Transaction } from './transaction.ts'

/** Written with the commit; an id that is there already undoes the transaction. */
export function appendEvents(tx: Transaction, events: readonly EventRecord[]): void {
  if (events.length === 0) return
  const rows = events.map(
    ({ id, atMs, type, appid, userId, sessionId, requestId, ip, facts }) =>
      sql`(${id}, ${atMs}, ${type}, ${appid}, ${userId}, ${sessionId}, ${requestId}, ${ip}, ${JSON.stringify(facts)})`,
  )
  tx.atLast(
    sql`INSERT INTO yaopai_events (id, at_ms, type, appid, user_id, session_id, request_id, ip, facts)
      VALUES ${joined(rows)}`,
  )
}

export function listEvents(
  session: Session,
  query: Parameters<Store['listEvents']>[0],
): Promise<EventRecord[]> {
  const { userId, before = AFTER_ALL_IDS, limit } = query
  return session.rows<EventRecord>(
    sql`SELECT ${EVENT_COLUMNS} FROM yaopai_events WHERE user_id = ${userId} AND id < ${before}
      ORDER BY id DESC LIMIT ${limit}`,
  )
}

/** Who marks the same at the same time waits here for the other to commit. */
export async function useOpenData(
  tx: Transaction,
  { hash, forgetAfterMs, events }: Parameters<Store['useOpenData']>[0],
): Promise<'used' | 'conflict'> {
  const [mark] = await tx.ask([
    sql`INSERT INTO yaopai_open_data (hash, forget_after_ms) VALUES (${hash}, ${forgetAfterMs})
      ON DUPLICATE KEY UPDATE forget_after_ms = forget_after_ms + 1`,
  ])
  if (mark?.written !== 1) return tx.undo('conflict')
  appendEvents(tx, events)
  return 'used'
}
