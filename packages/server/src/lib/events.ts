import type { EventId, SessionId, UserId } from './ids.ts'

/** What can be told afterwards. Names are stable: people search and alert on them. */
export const EVENT_TYPES = [
  'user.created',
  'user.profile_changed',
  'user.closed',
  'user.banned',
  'user.unbanned',
  'identity.created',
  'identity.union_conflict',
  'login.succeeded',
  'login.refused',
  'login.code_replayed',
  'session.renewed',
  'session.ended',
  'sessions.ended',
  'open_data.opened',
  'open_data.refused',
  'open_data.replayed',
] as const

export type EventType = (typeof EVENT_TYPES)[number]

/**
 * One line of the history. It is written in the transaction of what it tells, so it is there exactly when that
 * happened. `facts` hold short codes and counts, never secrets, openids or free text of clients.
 */
export interface EventRecord {
  readonly id: EventId
  readonly atMs: number
  readonly type: EventType
  readonly appid: string | null
  readonly userId: UserId | null
  readonly sessionId: SessionId | null
  readonly requestId: string | null
  readonly ip: string | null
  readonly facts: Readonly<Record<string, string | number | boolean>>
}
