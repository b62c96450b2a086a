import type { EventRecord } from '../../events.ts'
import { AFTER_ALL_IDS } from '../sql/rows.ts'
import type { Store } from '../store.ts'
import type { PgValue } from './driver.ts'
import { EVENT_COLUMNS } from './rows.ts'
import { type Sql, statement } from './sql.ts'
import type { Transaction } from './transaction.ts'

/** As many rows as the lists are long, which begin at that parameter. */
export function insertEvents(first: number): string {
  const at = (place: number, type: string) => `$${first + place}::${type}[]`
  const lists = ['text', 'bigint', ...Array<string>(6).fill('text'), 'text'].map((type, place) =>
    at(place, type),
  )
  return `INSERT INTO yaopai.events (id, at_ms, type, appid, user_id, session_id, request_id, ip, facts)
   SELECT id, at_ms, type, appid, user_id, session_id, request_id, ip, facts::json FROM unnest(${lists.join(', ')})
     AS event (id, at_ms, type, appid, user_id, session_id, request_id, ip, facts)`
}

const INSERT_EVENTS = statement(insertEvents(1))
const SELECT_EVENTS = statement(
  `SELECT ${EVENT_COLUMNS} FROM yaopai.events WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`,
)
const MARK_OPEN_DATA = statement(
  'INSERT INTO yaopai.open_data (hash, forget_after_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING',
)

export async function appendEvents(tx: Transaction, events: readonly EventRecord[]): Promise<void> {
  if (events.length > 0) await tx.run(INSERT_EVENTS, ...eventLists(events))
}

/** What `insertEvents` takes. */
export function eventLists(events: readonly EventRecord[]): PgValue[] {
  const list = (of: (event: EventRecord) => PgValue): PgValue[] => events.map(of)
  return [
    list(({ id }) => id),
    list(({ atMs }) => atMs),
    list(({ type }) => type),
    list(({ appid }) => appid),
    list(({ userId }) => userId),
    list(({ sessionId }) => sessionId),
    list(({ requestId }) => requestId),
    list(({ ip }) => ip),
    list(({ facts }) => JSON.stringify(facts)),
  ]
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
