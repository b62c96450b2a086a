import { type Clock, type MonotonicClock, systemClock, systemMonotonic } from '../../clock.ts'
import type { RecalledSession } from '../recalled-session.ts'
import type { Store } from '../store.ts'
import { type ChangePoll, createChangePoll } from './change-poll.ts'
import { momentOf } from './moment.ts'
import { type CacheStats, createRecall, type Recall } from './recall.ts'
import type { SessionMemory } from './session-memory.ts'
import { createSessionTable } from './session-table.ts'

export interface CacheSessionsOptions {
  /** Whose sessions' time is over is judged by this one. */
  readonly clock?: Clock
  readonly monotonic?: MonotonicClock
  /** A whole number from 1 on. */
  readonly maxEntries?: number
  /** Instead of one of `maxEntries`. */
  readonly memory?: SessionMemory
  /** Told once when asking for changes begins to fail and once when it works again (null). */
  readonly onPollTurn?: (failure: unknown) => void
}

export const DEFAULT_CACHE_ENTRIES = 100_000

/** A store that remembers sessions. */
export interface CachedStore extends Store {
  /** A session that may be used without a look at the store; null: call `findSession`. */
  recallSession(selector: number): RecalledSession | null
  isRecalledStill(recalled: RecalledSession): boolean
  /** Begins to ask for changes; before the first answer nothing is remembered. */
  startPolling(): void
  /** Asks for changes now. */
  poll(): Promise<void>
  cacheStats(): CacheStats
}

/**
 * The same store, but `findSession(selector, 'memory')` is answered from memory while that is sure to be right but for
 * the last second: the last completed poll of `changes` began less than a second ago on a clock that nobody can put
 * back. Own writes drop what they touch before they begin (who reads meanwhile asks the store) and again before they
 * resolve, also where they fail: what became of them is then not known. A read that a drop overtook is not remembered.
 */
export function cacheSessions(store: Store, options: CacheSessionsOptions = {}): CachedStore {
  const { clock = systemClock, monotonic = systemMonotonic, onPollTurn } = options
  const memory = options.memory ?? createSessionTable(options.maxEntries ?? DEFAULT_CACHE_ENTRIES)
  const now = () => momentOf(clock, monotonic)
  const recall = createRecall({ memory, now })
  const poll = createChangePoll({
    store,
    now,
    onChanges: recall.apply,
    onOtherHistory: recall.clear,
    onCompleted: recall.completed,
    ...(onPollTurn && { onTurn: onPollTurn }),
  })
  const recallFrom = (selector: number) => store.recallSession?.(selector) ?? null
  return {
    ...boundMethods(store),
    ...writesOf(store, recall),
    ...pollingOf(store, poll),
    findSession: async (selector, from) => {
      const known = from === 'memory' ? recall.find(selector) : null
      return known ?? recall.read(selector, () => store.findSession(selector))
    },
    recallSession: (selector) => recall.recallNow(selector, recallFrom),
    isRecalledStill: recall.isStill,
    cacheStats: recall.stats,
  }
}

/** Everything that passes through unchanged. */
function boundMethods(store: Store): Store {
  return {
    findCode: (hash) => store.findCode(hash),
    findLoginFacts: (query) => store.findLoginFacts(query),
    recordLogin: (plan) => store.recordLogin(plan),
    findSession: (selector) => store.findSession(selector),
    touchSession: (selector, idleDeadlineMs) => store.touchSession(selector, idleDeadlineMs),
    startRenewal: (start) => store.startRenewal(start),
    promoteToken: (promotion) => store.promoteToken(promotion),
    findRetiredToken: (selector, tokenHash) => store.findRetiredToken(selector, tokenHash),
    endSession: (end) => store.endSession(end),
    endUserSessions: (end) => store.endUserSessions(end),
    findUser: (userId) => store.findUser(userId),
    findIdentity: (key) => store.findIdentity(key),
    listIdentities: (userId) => store.listIdentities(userId),
    listSessions: (userId, nowMs) => store.listSessions(userId, nowMs),
    listEvents: (query) => store.listEvents(query),
    listUsers: (query) => store.listUsers(query),
    updateProfile: (change) => store.updateProfile(change),
    setUserBan: (change) => store.setUserBan(change),
    closeAccount: (close) => store.closeAccount(close),
    useOpenData: (use) => store.useOpenData(use),
    appendEvents: (events) => store.appendEvents(events),
    listChanges: (query) => store.listChanges(query),
    sweep: (order) => store.sweep(order),
    findNote: (name) => store.findNote(name),
    swapNote: (swap) => store.swapNote(swap),
    pageIdentities: (query) => store.pageIdentities(query),
    replaceKeyRing: (change) => store.replaceKeyRing(change),
    confirm: async () => store.confirm?.(),
    check: () => store.check(),
    close: () => store.close(),
  }
}

type Writes = Pick<
  Store,
  | 'recordLogin'
  | 'touchSession'
  | 'startRenewal'
  | 'promoteToken'
  | 'endSession'
  | 'endUserSessions'
  | 'updateProfile'
  | 'setUserBan'
  | 'closeAccount'
  | 'sweep'
>

function writesOf(store: Store, { drop, dropUser, forgetLiving }: Recall): Writes {
  return {
    recordLogin: (plan) => {
      const dropEnded = () => {
        for (const { selector } of plan.endSessions) drop(selector)
      }
      return around(dropEnded, () => store.recordLogin(plan))
    },
    touchSession: (selector, idleDeadlineMs) =>
      dropping(drop, selector, () => store.touchSession(selector, idleDeadlineMs)),
    startRenewal: (start) => dropping(drop, start.selector, () => store.startRenewal(start)),
    promoteToken: (promotion) => dropping(drop, promotion.selector, () => store.promoteToken(promotion)),
    endSession: (end) => dropping(drop, end.selector, () => store.endSession(end)),
    endUserSessions: (end) => dropping(dropUser, end.userId, () => store.endUserSessions(end)),
    updateProfile: (change) => dropping(dropUser, change.userId, () => store.updateProfile(change)),
    setUserBan: (change) => dropping(dropUser, change.userId, () => store.setUserBan(change)),
    closeAccount: (close) => dropping(dropUser, close.userId, () => store.closeAccount(close)),
    sweep: (order) => dropping(forgetLiving, order.sessionsBeforeMs, () => store.sweep(order)),
  }
}

function dropping<Key, Result>(
  drop: (key: Key) => void,
  key: Key,
  write: () => Promise<Result>,
): Promise<Result> {
  return around(() => drop(key), write)
}

async function around<Result>(drop: () => void, write: () => Promise<Result>): Promise<Result> {
  drop()
  try {
    return await write()
  } finally {
    drop()
  }
}

function pollingOf(store: Store, poll: ChangePoll): Pick<CachedStore, 'startPolling' | 'poll' | 'close'> {
  return {
    startPolling: poll.start,
    poll: poll.poll,
    close: () => {
      poll.close()
      return store.close()
    },
  }
}
