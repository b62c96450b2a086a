import type { EventRecord } from '../../events.ts'
import type { UserId } from '../../ids.ts'
import type { ChangeRecord } from '../../records.ts'
import type { Store } from '../store.ts'
import type { SqliteDatabase } from './driver.ts'
import { prepareQuery } from './query.ts'
import { type ChangeRow, changeOf, type EventRow, eventOf } from './rows.ts'

/** Greater than every id. */
export const AFTER_ALL_IDS = '\u{10ffff}'

/** What is told and what is announced: events and changes, and the marks of used open data. */
export interface History {
  appendEvents(events: readonly EventRecord[]): void
  /** `selector` null: all sessions of the user may have changed. */
  appendChange(atMs: number, userId: UserId, selector: number | null): void
  listEvents(query: Parameters<Store['listEvents']>[0]): EventRecord[]
  listChanges(query: Parameters<Store['listChanges']>[0]): ChangeRecord[]
  useOpenData(use: Parameters<Store['useOpenData']>[0]): 'used' | 'conflict'
}

export function prepareHistory(db: SqliteDatabase): History {
  const insertEvent = prepareQuery(
    db,
    'INSERT INTO events (id, at_ms, type, appid, user_id, session_id, request_id, ip, facts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const insertChange = prepareQuery(db, 'INSERT INTO changes (at_ms, user_id, selector) VALUES (?, ?, ?)')
  const selectEvents = prepareQuery<EventRow>(
    db,
    'SELECT * FROM events WHERE user_id = ? AND id < ? ORDER BY id DESC LIMIT ?',
  )
  const selectChanges = prepareQuery<ChangeRow>(
    db,
    'SELECT * FROM changes WHERE seq > ? ORDER BY seq LIMIT ?',
  )
  const markOpenData = prepareQuery(
    db,
    'INSERT OR IGNORE INTO open_data (hash, forget_after_ms) VALUES (?, ?)',
  )

  function appendEvents(events: readonly EventRecord[]): void {
    for (const event of events) {
      const { id, atMs, type, appid, userId, sessionId, requestId, ip, facts } = event
      insertEvent.write(id, atMs, type, appid, userId, sessionId, requestId, ip, JSON.stringify(facts))
    }
  }

  return {
    appendEvents,
    appendChange: (atMs, userId, selector) => insertChange.write(atMs, userId, selector),
    listEvents: ({ userId, before = AFTER_ALL_IDS, limit }) =>
      selectEvents.all(userId, before, limit).map(eventOf),
    listChanges: ({ afterSeq, limit }) => selectChanges.all(afterSeq, limit).map(changeOf),
    useOpenData(use) {
      if (markOpenData.run(use.hash, use.forgetAfterMs) === 0) return 'conflict'
      appendEvents(use.events)
      return 'used'
    },
  }
}
