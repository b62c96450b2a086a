import type { UserId } from '../../ids.ts'
import type { ChangeRecord, StoredSession } from '../../records.ts'
import { elapsedMs, type Moment } from './moment.ts'
import type { SessionMemory } from './session-memory.ts'
import { createUnderWay, type UnderWay } from './under-way.ts'

/** What is remembered may be used while the last completed poll began less than this ago. */
export const USABLE_MS = 1_000
/**
 * After so long without a completed poll all is forgotten. Changes are kept for an hour, so well before one could have
 * been swept unseen.
 */
export const FORGET_AFTER_MS = 60_000

export interface RecallOptions {
  readonly memory: SessionMemory
  readonly now: () => Moment
}

export interface CacheStats {
  readonly hits: number
  /** The store was read: not known, or its time is over. */
  readonly misses: number
  /** The store was read: no poll was completed lately. */
  readonly stale: number
  readonly entries: number
  /** Since the last completed poll began; null before the first. */
  readonly pollAgeMs: number | null
}

/** Sessions at hand, and the rule of when they may be used. */
export interface Recall {
  /** A session that lived less than a second ago and whose time is not over; null: read the store. */
  find(selector: number): StoredSession | null
  /** Reads it there, and remembers it if nothing has touched it meanwhile. */
  read(selector: number, readStore: () => Promise<StoredSession | null>): Promise<StoredSession | null>
  /**
   * Both at once, from a store that need not be waited for: then nothing can touch it meanwhile. Null: it cannot say, and
   * nothing was counted, for whoever asks now goes on to `find` and `read`.
   */
  findNow(selector: number, readStore: (selector: number) => StoredSession | null): StoredSession | null
  drop(selector: number): void
  dropUser(userId: UserId): void
  /** Who sweeps by a clock that is ahead of this one takes rows that still live here. */
  forgetLiving(sessionsBeforeMs: number): void
  /**
   * What was told by a poll; then `completed` with the moment when it began. A database that was away may be another
   * one when it is back, which lacks the last logins and renewals and has no change that would tell of them.
   */
  apply(changes: readonly ChangeRecord[]): void
  completed(begun: Moment, hasFailedBefore: boolean): void
  /** Everything, and what is being read. */
  clear(): void
  stats(): CacheStats
}

export function createRecall({ memory, now }: RecallOptions): Recall {
  const underWay = createUnderWay()
  const counts = { hits: 0, misses: 0, stale: 0 }
  let poll: Moment | null = null
  const drops = dropsOf(memory, underWay)
  const look = (selector: number) => lookUp(memory, selector, { poll, moment: now() })
  return {
    ...drops,
    find(selector) {
      const { session, outcome } = look(selector)
      counts[outcome] += 1
      return session
    },
    findNow(selector, readStore) {
      const { session: known, outcome } = look(selector)
      const session = known ?? remember(memory, readStore(selector), now().wallMs)
      if (session !== null) counts[outcome] += 1
      return session
    },
    async read(selector, readStore) {
      const reading = underWay.begin(selector)
      try {
        const session = await readStore()
        if (!reading.isSpoiled) remember(memory, session, now().wallMs)
        return session
      } finally {
        underWay.end(reading)
      }
    },
    forgetLiving(sessionsBeforeMs) {
      if (sessionsBeforeMs > now().wallMs) drops.clear()
    },
    completed(begun, hasFailedBefore) {
      if (poll === null || elapsedMs(poll, begun) >= keptMs(hasFailedBefore)) drops.clear()
      poll = begun
    },
    stats: () => ({ ...counts, entries: memory.size, pollAgeMs: poll && elapsedMs(poll, now()) }),
  }
}

function keptMs(hasFailedBefore: boolean): number {
  return hasFailedBefore ? USABLE_MS : FORGET_AFTER_MS
}

interface Look {
  readonly session: StoredSession | null
  readonly outcome: 'hits' | 'misses' | 'stale'
}
const STALE: Look = { session: null, outcome: 'stale' }
const MISS: Look = { session: null, outcome: 'misses' }

function lookUp(
  memory: SessionMemory,
  selector: number,
  { poll, moment }: { readonly poll: Moment | null; readonly moment: Moment },
): Look {
  if (poll === null || elapsedMs(poll, moment) >= USABLE_MS) return STALE
  const session = memory.get(selector)
  return session !== null && livesAt(session, moment.wallMs) ? { session, outcome: 'hits' } : MISS
}

function remember(memory: SessionMemory, session: StoredSession | null, atMs: number): StoredSession | null {
  if (session !== null && livesAt(session, atMs)) memory.put(session)
  return session
}

type Drops = Pick<Recall, 'drop' | 'dropUser' | 'apply' | 'clear'>

/** Each also keeps what is being read from being remembered. */
function dropsOf(memory: SessionMemory, underWay: UnderWay): Drops {
  const drop = (selector: number): void => {
    underWay.spoil(selector)
    memory.drop(selector)
  }
  const dropUser = (userId: UserId): void => {
    underWay.spoilAll()
    memory.dropUser(userId)
  }
  const clear = (): void => {
    underWay.spoilAll()
    memory.clear()
  }
  const apply = (changes: readonly ChangeRecord[]): void => {
    for (const { selector, userId } of changes) {
      if (selector === null) dropUser(userId)
      else drop(selector)
    }
  }
  return { drop, dropUser, apply, clear }
}

/** What is over is read from the store: there another node may have written a later deadline. */
function livesAt(session: StoredSession, atMs: number): boolean {
  const { endedAtMs, idleDeadlineMs, absoluteDeadlineMs, user } = session
  if (endedAtMs !== null || user.bannedAtMs !== null) return false
  return atMs < idleDeadlineMs && atMs < absoluteDeadlineMs
}
