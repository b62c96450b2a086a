import type { UserId } from '../../ids.ts'
import type { ChangeRecord, StoredSession } from '../../records.ts'
import type { RecalledSession } from '../recalled-session.ts'
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
  /** The same as `find`, with no more made of it than is asked for. */
  recall(selector: number): RecalledSession | null
  /** Whether what was recalled may be used once more. */
  isStill(recalled: RecalledSession): boolean
  /** What was read of a store that need not be waited for: so nothing can have touched it meanwhile. */
  remember(session: StoredSession): void
  drop(selector: number): void
  dropUser(userId: UserId): void
  /** Who sweeps by a clock that is ahead of this one takes rows that still live here. */
  forgetLiving(sessionsBeforeMs: number): void
  /** What was told by a poll; then `completed` with the moment when it began. */
  apply(changes: readonly ChangeRecord[]): void
  completed(begun: Moment): void
  stats(): CacheStats
}

export function createRecall({ memory, now }: RecallOptions): Recall {
  const underWay = createUnderWay()
  const state: State = { poll: null, hits: 0, misses: 0, stale: 0 }
  const drops = dropsOf(memory, underWay)
  return {
    ...drops,
    ...looksOf({ memory, now }, state),
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
    remember: (session) => remember(memory, session, now().wallMs),
    completed(begun) {
      if (state.poll === null || elapsedMs(state.poll, begun) >= FORGET_AFTER_MS) drops.clear()
      state.poll = begun
    },
    stats() {
      const { poll, ...counts } = state
      return { ...counts, entries: memory.size, pollAgeMs: poll && elapsedMs(poll, now()) }
    },
  }
}

interface State {
  /** When the last completed one began. */
  poll: Moment | null
  hits: number
  misses: number
  stale: number
}

/** What is answered from memory, while that may be used and the session's time is not over. */
function looksOf({ memory, now }: RecallOptions, state: State): Pick<Recall, 'find' | 'recall' | 'isStill'> {
  const isUsable = ({ poll }: State, moment: Moment): boolean =>
    poll !== null && elapsedMs(poll, moment) < USABLE_MS
  const note = <Found extends Deadlines>(found: Found | null, atMs: number): Found | null => {
    const isGood = found !== null && isInTime(found, atMs)
    state[isGood ? 'hits' : 'misses'] += 1
    return isGood ? found : null
  }
  const noteStale = (): null => {
    state.stale += 1
    return null
  }
  return {
    find(selector) {
      const moment = now()
      return isUsable(state, moment) ? note(memory.get(selector), moment.wallMs) : noteStale()
    },
    recall(selector) {
      const moment = now()
      return isUsable(state, moment) ? note(memory.recall(selector), moment.wallMs) : noteStale()
    },
    isStill(recalled) {
      const moment = now()
      if (!isUsable(state, moment) || !memory.isHere(recalled) || !isInTime(recalled, moment.wallMs))
        return false
      state.hits += 1
      return true
    },
  }
}

function remember(memory: SessionMemory, session: StoredSession | null, atMs: number): void {
  if (session !== null && livesAt(session, atMs)) memory.put(session)
}

type Drops = Pick<Recall, 'drop' | 'dropUser' | 'apply'> & { clear(): void }

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
  return session.endedAtMs === null && session.user.bannedAtMs === null && isInTime(session, atMs)
}

type Deadlines = Pick<StoredSession, 'idleDeadlineMs' | 'absoluteDeadlineMs'>

function isInTime({ idleDeadlineMs, absoluteDeadlineMs }: Deadlines, atMs: number): boolean {
  return atMs < idleDeadlineMs && atMs < absoluteDeadlineMs
}
