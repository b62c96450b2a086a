import type { Clock } from '../../clock.ts'
import { StoreUnavailableError } from '../../errors.ts'
import type { Store } from '../store.ts'
import { listChanges } from './changes.ts'
import { closeAccount } from './close-account.ts'
import type { Connections } from './connections.ts'
import { isTaken } from './errors.ts'
import { appendEvents, listEvents, useOpenData } from './history.ts'
import { findCode, findLoginFacts } from './login-facts.ts'
import { recordLogin } from './record-login.ts'
import { findRetiredToken, promoteToken, startRenewal } from './renewals.ts'
import { endSession, endUserSessions, findSession, listSessions, touchSession } from './sessions.ts'
import { sql } from './sql.ts'
import { sweep } from './sweep.ts'
import type { Transaction } from './transaction.ts'
import { findIdentity, findUser, listIdentities, listUsers, setUserBan, updateProfile } from './users.ts'

/** The port on a pool of connections. */
export function createMysqlStore(connections: Connections, clock: Clock): Store {
  const read: Connections['read'] = (work) => connections.read(work)
  const write: Connections['write'] = (work) => connections.write(work)
  return {
    findCode: (hash) => read((session) => findCode(session, hash)),
    findLoginFacts: (query) => read((session) => findLoginFacts(session, query)),
    recordLogin: (plan) => write((tx) => recordLogin(tx, plan)).catch(conflictIfTaken),
    findSession: (selector) => read((session) => findSession(session, selector)),
    touchSession: (selector, idleDeadlineMs) =>
      write((tx) => touchSession(tx, { selector, idleDeadlineMs, nowMs: clock.nowMs() })),
    startRenewal: (start) => write((tx) => startRenewal(tx, start)),
    promoteToken: (promotion) => write((tx) => promoteToken(tx, promotion)),
    findRetiredToken: (selector, tokenHash) =>
      read((session) => findRetiredToken(session, selector, tokenHash)),
    endSession: (end) => write((tx) => endSession(tx, end)),
    endUserSessions: (end) => write((tx) => endUserSessions(tx, end)),
    findUser: (userId) => read((session) => findUser(session, userId)),
    findIdentity: (key) => read((session) => findIdentity(session, key)),
    listIdentities: (userId) => read((session) => listIdentities(session, userId)),
    listSessions: (userId, nowMs) => read((session) => listSessions(session, userId, nowMs)),
    listEvents: (query) => read((session) => listEvents(session, query)),
    listUsers: (query) => read((session) => listUsers(session, query)),
    updateProfile: (change) => write((tx) => updateProfile(tx, change, clock.nowMs())),
    setUserBan: (change) => write((tx) => setUserBan(tx, change, clock.nowMs())),
    closeAccount: (order) => write((tx) => closeAccount(tx, order)),
    useOpenData: (use) => write((tx) => useOpenData(tx, use)),
    appendEvents: (events) => write(async (tx) => appendEvents(tx, events)),
    listChanges: (query) => listChanges(connections, query),
    sweep: (order) => write((tx) => sweep(tx, order)),
    check: () => check(connections),
    close: () => connections.close(),
  }
}

/** While writing works it is enough that the server would let us; where that is in doubt only a real write tells. */
async function check(connections: Connections): Promise<void> {
  const isReadOnly = sql`SELECT @@GLOBAL.read_only AS isReadOnly`
  const row = await connections.read((session) => session.first<{ isReadOnly: number }>(isReadOnly))
  if (connections.lastFailed || row?.isReadOnly !== 0) await connections.write(probe)
}

/** Writes a row, and keeps it. */
export async function probe(tx: Transaction): Promise<void> {
  tx.atLast(sql`UPDATE yaopai_write_probe SET tries = tries + 1 WHERE id = 1`)
}

/** An event's id that is there already: the write was undone, the login draws anew. */
function conflictIfTaken(error: unknown): 'conflict' {
  if (error instanceof StoreUnavailableError && isTaken(error.cause)) return 'conflict'
  throw error
}
