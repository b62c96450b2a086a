import type { EventRecord } from '../../events.ts'
import type { ChangeRecord } from '../../records.ts'
import type { Store, SweepOrder } from '../store.ts'
import { appendAll, endMsOf, hashKeyOf, type Tables } from './tables.ts'

export function listEvents(tables: Tables, query: Parameters<Store['listEvents']>[0]): EventRecord[] {
  const { userId, before, limit } = query
  return [...tables.events.values()]
    .filter((event) => event.userId === userId && (before === undefined || event.id < before))
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, limit)
    .map((event) => ({ ...event, facts: { ...event.facts } }))
}

export function useOpenData(tables: Tables, use: Parameters<Store['useOpenData']>[0]): 'used' | 'conflict' {
  const key = hashKeyOf(use.hash)
  if (tables.openData.has(key)) return 'conflict'
  tables.openData.set(key, use.forgetAfterMs)
  appendAll(tables, use.events)
  return 'used'
}

export function listChanges(tables: Tables, query: Parameters<Store['listChanges']>[0]): ChangeRecord[] {
  return tables.changes.filter((change) => change.seq > query.afterSeq).slice(0, query.limit)
}

export function sweep(tables: Tables, order: SweepOrder): number {
  const { limit } = order
  return (
    dropSessions(tables, order) +
    drop(tables.codes, limit, (code) => code.forgetAfterMs < order.nowMs) +
    drop(tables.openData, limit, (forgetAfterMs) => forgetAfterMs < order.nowMs) +
    drop(tables.events, limit, (event) => event.atMs < order.eventsBeforeMs) +
    dropChanges(tables, order) +
    wipeSeeds(tables, order) +
    wipeRetiredSeeds(tables, order) +
    wipePendingSeeds(tables, order)
  )
}

/** Of the oldest ones first what hangs on them, then those on which nothing hangs any more. */
function dropSessions(tables: Tables, { sessionsBeforeMs, limit }: SweepOrder): number {
  const over = [...tables.sessions.values()]
    .filter((session) => endMsOf(session) < sessionsBeforeMs)
    .sort((a, b) => endMsOf(a) - endMsOf(b) || a.selector - b.selector)
    .slice(0, limit)
  const selectors = new Set(over.map(({ selector }) => selector))
  const retired = drop(tables.retiredTokens, limit, ({ selector }) => selectors.has(selector))
  for (const { selector } of tables.retiredTokens.values()) selectors.delete(selector)
  return retired + drop(tables.sessions, limit, ({ selector }) => selectors.has(selector))
}

function drop<Key, Row>(rows: Map<Key, Row>, limit: number, isOver: (row: Row) => boolean): number {
  const over = [...rows].filter(([, row]) => isOver(row)).slice(0, limit)
  for (const [key] of over) rows.delete(key)
  return over.length
}

function dropChanges(tables: Tables, order: SweepOrder): number {
  const last = (tables.changes.at(-1)?.seq ?? 0) - order.changesKept
  const over = tables.changes
    .filter(({ seq, atMs }) => seq <= last && atMs < order.changesBeforeMs)
    .slice(0, order.limit)
  const left = tables.changes.filter((change) => !over.includes(change))
  tables.changes.splice(0, tables.changes.length, ...left)
  return over.length
}

function wipeSeeds(tables: Tables, order: SweepOrder): number {
  const over = [...tables.codes]
    .filter(([, code]) => code.seed !== null && code.usedAtMs < order.seedsBeforeMs)
    .slice(0, order.limit)
  for (const [key, code] of over) tables.codes.set(key, { ...code, seed: null })
  return over.length
}

function wipeRetiredSeeds(tables: Tables, order: SweepOrder): number {
  const over = [...tables.retiredTokens]
    .filter(([, retired]) => retired.seed !== null && retired.goodUntilMs <= order.nowMs)
    .slice(0, order.limit)
  for (const [key, retired] of over) tables.retiredTokens.set(key, { ...retired, seed: null })
  return over.length
}

function wipePendingSeeds(tables: Tables, order: SweepOrder): number {
  let wiped = 0
  for (const [selector, session] of tables.sessions) {
    const { pending } = session
    if (wiped === order.limit || pending === null || pending.seed === null) continue
    if (endMsOf(session) >= order.nowMs) continue
    tables.sessions.set(selector, { ...session, pending: { ...pending, seed: null } })
    wiped += 1
  }
  return wiped
}
