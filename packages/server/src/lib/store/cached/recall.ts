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
  /**
   * The same at once, with no more made of it than is asked for, and else from a store that need not be waited for: then
   * nothing can touch it meanwhile. Null: it cannot say, and nothing was counted, for whoever asks now goes on to `find`
   * and `read`.
   */
  recallNow(selector: number, readStore: (selector: number) => RecalledSession | null): RecalledSession | null
  /** Whether what was recalled may be used once more. */
  isStill(recalled: RecalledSession): boolean
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
    completed(begun, hasFailedBefore) {
      if (state.poll === null || elapsedMs(state.poll, begun) >= keptMs(hasFailedBefore)) drops.clear()
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

function keptMs(hasFailedBefore: boolean): number {
  return hasFailedBefore ? USABLE_MS : FORGET_AFTER_MS
}

type Outcome = 'hits' | 'misses' | 'stale'

/** What is answered from memory, while that may be used and the session's time is not over. */
function looksOf(
  { memory, now }: RecallOptions,
  state: State,
): Pick<Recall, 'find' | 'recallNow' | 'isStill'> {
  const isUsable = (moment: Moment): boolean =>
    state.poll !== null && elapsedMs(state.poll, moment) < USABLE_MS
  const count = <Found>(outcome: Outcome, found: Found): Found => {
    state[outcome] += 1
    return found
  }
  return {
    find(selector) {
      const moment = now()
      if (!isUsable(moment)) return count('stale', null)
      const session = memory.get(selector)
      if (session === null || !isInTime(session, moment.wallMs)) return count('misses', null)
      return count('hits', session)
    },
    recallNow(selector, readStore) {
      const moment = now()
      const mayUse = isUsable(moment)
      const known = mayUse ? memory.recall(selector) : null
      if (known !== null && isInTime(known, moment.wallMs)) return count('hits', known)
      const read = readStore(selector)
      if (read === null) return null
      remember(memory, read.whole(), moment.wallMs)
      return count(mayUse ? 'misses' : 'stale', read)
    },
    isStill(recalled) {
      const moment = now()
      if (!isUsable(moment) || !memory.isHere(recalled)) return false
      return isInTime(recalled, moment.wallMs) && count('hits', true)
    },
  }
}

function remember(memory: SessionMemory, session: StoredSession | null, atMs: number): void {
  if (session !== null && livesAt(session, atMs)) memory.put(session)
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
  return session.endedAtMs === null && session.user.bannedAtMs === null && isInTime(session, atMs)
}

type Deadlines = Pick<StoredSession, 'idleDeadlineMs' | 'absoluteDeadlineMs'>

function isInTime({ idleDeadlineMs, absoluteDeadlineMs }: Deadlines, atMs: number): boolean {
  return atMs < idleDeadlineMs && atMs < absoluteDeadlineMs
}
