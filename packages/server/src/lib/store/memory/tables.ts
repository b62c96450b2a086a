import type { EventRecord } from '../../events.ts'
import type { UserId } from '../../ids.ts'
import type {
  ChangeRecord,
  IdentityKey,
  IdentityRecord,
  RetiredToken,
  SessionEnd,
  SessionRecord,
  StoredSession,
  UserRecord,
} from '../../records.ts'
import type { CodeRow } from '../store.ts'

/** The book in memory. Keys are text, so that equal bytes meet whatever holds them. */
export interface Tables {
  readonly users: Map<UserId, UserRecord & { readonly closedAtMs: number | null }>
  readonly identities: Map<string, IdentityRecord>
  readonly sessions: Map<number, SessionRow>
  /** By selector and the hash's key. */
  readonly retiredTokens: Map<string, RetiredToken & { readonly selector: number }>
  readonly codes: Map<string, CodeRow & { readonly selector: number }>
  readonly openData: Map<string, number>
  readonly events: Map<string, EventRecord>
  readonly notes: Map<string, string>
  readonly changes: ChangeRecord[]
  lastSeq: number
}

export type SessionRow = Omit<StoredSession, 'user'>

export function emptyTables(): Tables {
  return {
    users: new Map(),
    identities: new Map(),
    sessions: new Map(),
    retiredTokens: new Map(),
    codes: new Map(),
    openData: new Map(),
    events: new Map(),
    notes: new Map(),
    changes: [],
    lastSeq: 0,
  }
}

export function identityKeyOf(key: IdentityKey): string {
  return JSON.stringify([key.platform, key.appid, key.openid])
}

export function hashKeyOf(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex')
}

/** The user without what is the store's own; null for one who was closed. */
export function openUser(tables: Tables, userId: UserId): UserRecord | null {
  const row = tables.users.get(userId)
  return row === undefined || row.closedAtMs !== null ? null : userOf(row)
}

export function userOf(row: UserRecord & { readonly closedAtMs: number | null }): UserRecord {
  const { closedAtMs: _, ...user } = row
  return user
}

export function identitiesOf(tables: Tables, userId: UserId): IdentityRecord[] {
  return [...tables.identities.values()]
    .filter((identity) => identity.userId === userId)
    .sort((a, b) => a.createdAtMs - b.createdAtMs || (a.appid < b.appid ? -1 : 1))
}

/** Sessions that no act has ended. */
export function unendedSessions(tables: Tables, userId: UserId): SessionRow[] {
  return [...tables.sessions.values()].filter((one) => one.userId === userId && one.endedAtMs === null)
}

/** Neither an act nor its time has ended it. */
export function livesAt(session: SessionRecord, atMs: number): boolean {
  return session.endedAtMs === null && atMs < session.idleDeadlineMs && atMs < session.absoluteDeadlineMs
}

/** Ends what lives at that time; whether it did. */
export function endLiving(tables: Tables, end: SessionEnd): boolean {
  const { selector, reason, atMs } = end
  const session = tables.sessions.get(selector)
  if (session === undefined || !livesAt(session, atMs)) return false
  tables.sessions.set(selector, { ...session, endedAtMs: atMs, endReason: reason })
  appendChange(tables, { atMs, userId: session.userId, selector })
  return true
}

/** Bytes are copied on their way in and out: nobody else holds what is kept here. */
export function copySession(session: SessionRecord): SessionRecord {
  const { selector, userId, platform, appid, openid, createdAtMs, idleSeconds } = session
  const { idleDeadlineMs, absoluteDeadlineMs, endedAtMs, endReason } = session
  const who = { selector, userId, platform, appid, openid }
  const times = { createdAtMs, idleSeconds, idleDeadlineMs, absoluteDeadlineMs, endedAtMs, endReason }
  return { ...who, ...times, tokenHash: copyBytes(session.tokenHash), device: { ...session.device } }
}

export function copyBytes(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes)
}

export function retiredKeyOf(selector: number, tokenHash: Uint8Array): string {
  return `${selector} ${hashKeyOf(tokenHash)}`
}

export function appendChange(tables: Tables, change: Omit<ChangeRecord, 'seq'>): void {
  tables.lastSeq += 1
  tables.changes.push({ seq: tables.lastSeq, ...change })
}

export function appendAll(tables: Tables, events: readonly EventRecord[]): void {
  for (const event of events) tables.events.set(event.id, { ...event, facts: { ...event.facts } })
}

/** When an act ended the session, else when its time is over. */
export function endMsOf(session: SessionRecord): number {
  return session.endedAtMs ?? Math.min(session.idleDeadlineMs, session.absoluteDeadlineMs)
}
