import { type Clock, systemClock } from '../../clock.ts'
import { StoreUnavailableError } from '../../errors.ts'
import type { UsedCode } from '../../records.ts'
import type { Store } from '../store.ts'
import * as history from './history.ts'
import * as logins from './logins.ts'
import * as notes from './notes.ts'
import * as renewals from './renewals.ts'
import * as sessions from './sessions.ts'
import {
  appendAll,
  emptyTables,
  hashKeyOf,
  identitiesOf,
  identityKeyOf,
  openUser,
  type Tables,
} from './tables.ts'
import * as users from './users.ts'

type Run = <Result>(work: () => Result) => Promise<Result>

/** A store for tests and trials: all of the port, and gone with the process. */
export function createMemoryStore({ clock = systemClock }: { readonly clock?: Clock } = {}): Store {
  const tables = emptyTables()
  let isClosed = false

  /** One call runs whole before the next begins: that is all the atomicity that memory needs. */
  const run: Run = async (work) => {
    if (isClosed) throw new StoreUnavailableError(new Error('The store was closed'))
    return work()
  }

  return {
    findCode: (hash) => run(() => findCode(tables, hash)),
    findLoginFacts: (query) => run(() => logins.findLoginFacts(tables, query)),
    recordLogin: (plan) => run(() => logins.recordLogin(tables, plan)),
    findSession: (selector) => run(() => sessions.findSession(tables, selector)),
    touchSession: (selector, idleDeadlineMs) =>
      run(() => sessions.touchSession(tables, { selector, idleDeadlineMs, atMs: clock.nowMs() })),
    ...renewalMethods(tables, run),
    ...noteMethods(tables, run),
    endSession: (end) => run(() => sessions.endSession(tables, end)),
    endUserSessions: (end) => run(() => sessions.endUserSessions(tables, end)),
    findUser: (userId) => run(() => openUser(tables, userId)),
    findIdentity: (key) => run(() => tables.identities.get(identityKeyOf(key)) ?? null),
    listIdentities: (userId) => run(() => identitiesOf(tables, userId)),
    listSessions: (userId, nowMs) => run(() => sessions.listSessions(tables, userId, nowMs)),
    listEvents: (query) => run(() => history.listEvents(tables, query)),
    listUsers: (query) => run(() => users.listUsers(tables, query)),
    updateProfile: (change) => run(() => users.updateProfile(tables, change, clock.nowMs())),
    setUserBan: (change) => run(() => users.setUserBan(tables, change, clock.nowMs())),
    closeAccount: (close) => run(() => users.closeAccount(tables, close)),
    useOpenData: (use) => run(() => history.useOpenData(tables, use)),
    appendEvents: (events) => run(() => appendAll(tables, events)),
    listChanges: (query) => run(() => history.listChanges(tables, query)),
    sweep: (order) => run(() => history.sweep(tables, order)),
    check: () => run(() => undefined),
    close: async () => {
      isClosed = true
    },
  }
}

function noteMethods(
  tables: Tables,
  run: Run,
): Pick<Store, 'findNote' | 'swapNote' | 'pageIdentities' | 'replaceKeyRing'> {
  return {
    findNote: (name) => run(() => tables.notes.get(name) ?? null),
    swapNote: (swap) => run(() => notes.swapNote(tables, swap)),
    pageIdentities: (query) => run(() => notes.pageIdentities(tables, query)),
    replaceKeyRing: (change) => run(() => notes.replaceKeyRing(tables, change)),
  }
}

function renewalMethods(
  tables: Tables,
  run: Run,
): Pick<Store, 'startRenewal' | 'promoteToken' | 'findRetiredToken'> {
  return {
    startRenewal: (start) => run(() => renewals.startRenewal(tables, start)),
    promoteToken: (promotion) => run(() => renewals.promoteToken(tables, promotion)),
    findRetiredToken: (selector, hash) => run(() => renewals.findRetiredToken(tables, selector, hash)),
  }
}

function findCode(tables: Tables, hash: Uint8Array): UsedCode | null {
  const code = tables.codes.get(hashKeyOf(hash))
  if (code === undefined) return null
  const { selector, usedAtMs, seed, isNew } = code
  return { selector, usedAtMs, seed: seed && Uint8Array.from(seed), isNew }
}
