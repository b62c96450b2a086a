import type { EventRecord } from '../../events.ts'
import type { Store } from '../store.ts'
import { EVENT_COLUMNS } from './rows.ts'
import { type Sql, statement } from './sql.ts'
import type { Transaction } from './transaction.ts'

/** Greater than every id. */
export const AFTER_ALL_IDS = '\u{10ffff}'

const INSERT_EVENT = statement(
  `INSERT INTO yaopai.events (id, at_ms, type, appid, user_id, session_id, request_id, ip, facts)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
)
const SELECT_EVENTS = statement(
  `SELECT ${EVENT_COLUMNS} FROM yaopai.events WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`,
)
const MARK_OPEN_DATA = statement(
  'INSERT INTO yaopai.open_data (hash, forget_after_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING',
)

export async function appendEvents(tx: Transaction, events: readonly EventRecord[]): Promise<void> {
  for (const { id, atMs, type, appid, userId, sessionId, requestId, ip, facts } of events) {
    await tx.run(INSERT_EVENT, id, atMs, type, appid, userId, sessionId, requestId, ip, JSON.stringify(facts))
  }
}

export function listEvents(sql: Sql, query: Parameters<Store['listEvents']>[0]): Promise<EventRecord[]> {
  const { userId, before = AFTER_ALL_IDS, limit } = query
  return sql.all<EventRecord>(SELECT_EVENTS, userId, before, limit)
}

/** Who marks the same at the same time waits here for the other to commit. */
export async function useOpenData(
  tx: Transaction,
  { hash, forgetAfterMs, events }: Parameters<Store['useOpenData']>[0],
): Promise<'used' | 'conflict'> {
  if ((await tx.run(MARK_OPEN_DATA, hash, forgetAfterMs)) === 0) return tx.undo('conflict')
  await appendEvents(tx, events)
  return 'used'
}
