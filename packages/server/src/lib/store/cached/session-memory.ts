import { LRUCache } from 'lru-cache'
import type { UserId } from '../../ids.ts'
import type { StoredSession } from '../../records.ts'
import { type RecalledSession, recalledOf } from '../recalled-session.ts'

/** Sessions at hand, by selector. It knows nothing of when they are good: who asks sees to that. */
export interface SessionMemory {
  get(selector: number): StoredSession | null
  /** The same, with no more made of it than is asked for. */
  recall(selector: number): RecalledSession | null
  /** Whether what was recalled is here still, and nothing about it has changed. False where that is not known. */
  isHere(recalled: RecalledSession): boolean
  put(session: StoredSession): void
  drop(selector: number): void
  /** All sessions of the user. */
  dropUser(userId: UserId): void
  clear(): void
  readonly size: number
}

/**
 * At most so many; those asked for longest ago give way.
 * @param maxEntries a whole number from 1 on
 */
export function createSessionMemory(maxEntries: number): SessionMemory {
  const selectorsOf = new Map<UserId, Set<number>>()
  const forget = ({ userId, selector }: StoredSession): void => {
    const selectors = selectorsOf.get(userId)
    selectors?.delete(selector)
    if (selectors?.size === 0) selectorsOf.delete(userId)
  }
  const sessions = new LRUCache<number, StoredSession>({ max: maxEntries, dispose: forget })
  const get = (selector: number): StoredSession | null => {
    const session = sessions.get(selector)
    return session === undefined ? null : copyOf(session)
  }
  return {
    get,
    recall(selector) {
      const session = get(selector)
      return session === null ? null : recalledOf(session)
    },
    isHere: () => false,
    put(session) {
      sessions.delete(session.selector)
      sessions.set(session.selector, copyOf(session))
      const selectors = selectorsOf.get(session.userId)
      if (selectors === undefined) selectorsOf.set(session.userId, new Set([session.selector]))
      else selectors.add(session.selector)
    },
    drop: (selector) => void sessions.delete(selector),
    dropUser(userId) {
      for (const selector of [...(selectorsOf.get(userId) ?? [])]) sessions.delete(selector)
    },
    clear: () => sessions.clear(),
    get size() {
      return sessions.size
    },
  }
}

/** Bytes are copied on their way in and out: nobody else holds what is kept here. */
function copyOf(session: StoredSession): StoredSession {
  const { tokenHash, pending } = session
  const next = pending && {
    nextHash: Uint8Array.from(pending.nextHash),
    seed: pending.seed && Uint8Array.from(pending.seed),
  }
  return { ...session, tokenHash: Uint8Array.from(tokenHash), pending: next }
}
