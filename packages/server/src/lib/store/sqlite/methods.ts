import type { Clock } from '../../clock.ts'
import { StoreUnavailableError } from '../../errors.ts'
import type { StoredSession } from '../../records.ts'
import type { Store } from '../store.ts'
import { prepareCloseAccount } from './close-account.ts'
import type { SqliteDatabase } from './driver.ts'
import { faultOf } from './errors.ts'
import { asRejection, type GroupCommit } from './group-commit.ts'
import { prepareHistory } from './history.ts'
import { prepareLoginReads } from './logins.ts'
import { whileBusy } from './patience.ts'
import { prepareRecordLogin } from './record-login.ts'
import { prepareRenewals, type Renewals } from './renewals.ts'
import { prepareSessions, type Sessions } from './sessions.ts'
import { prepareSweep } from './sweep.ts'
import { prepareUsers } from './users.ts'

interface SqliteStoreParts {
  readonly db: SqliteDatabase
  readonly writes: GroupCommit
  readonly clock: Clock
  readonly patienceMs: readonly number[]
  /** Lets go of the connection and the locks. */
  readonly letGo: () => void
}

type Read = <Result>(work: () => Result) => Promise<Result>

/** The port on one connection: reads at once, writes by group commit. */
export function createSqliteStore(parts: SqliteStoreParts): Store {
  const { db, writes, clock } = parts
  const history = prepareHistory(db)
  const users = prepareUsers(db, history)
  const sessions = prepareSessions(db, history)
  const reads = prepareLoginReads(db, users)
  const recordLogin = prepareRecordLogin(db, { reads, sessions, history })
  const closeAccount = prepareCloseAccount(db, history)
  const sweep = prepareSweep(db)
  const { read, check, close } = createAccess(parts)
  const inOneView = prepareView(db)

  return {
    findCode: (hash) => read(() => reads.findCode(hash)),
    findLoginFacts: (query) => read(() => inOneView(() => reads.findLoginFacts(query))),
    recordLogin: (plan) => writes.submit(() => recordLogin(plan)).catch(conflictIfTaken),
    findSession: (selector) => read(() => sessions.findSession(selector)),
    recallSession: prepareRecall(sessions, writes),
    touchSession: (selector, idleDeadlineMs) =>
      writes.submit(() => sessions.touchSession(selector, idleDeadlineMs, clock.nowMs())),
    ...renewalMethods(prepareRenewals(db, history), read, writes),
    endSession: (end) => writes.submit(() => sessions.endSession(end)),
    endUserSessions: (end) => writes.submit(() => sessions.endUserSessions(end)),
    findUser: (userId) => read(() => users.findUser(userId)),
    findIdentity: (key) => read(() => users.findIdentity(key)),
    listIdentities: (userId) => read(() => users.listIdentities(userId)),
    listSessions: (userId, nowMs) => read(() => sessions.listSessions(userId, nowMs)),
    listEvents: (query) => read(() => history.listEvents(query)),
    listUsers: (query) => read(() => users.listUsers(query)),
    updateProfile: (change) => writes.submit(() => users.updateProfile(change, clock.nowMs())),
    setUserBan: (change) => writes.submit(() => users.setUserBan(change, clock.nowMs())),
    closeAccount: (order) => writes.submit(() => closeAccount(order)),
    useOpenData: (use) => writes.submit(() => history.useOpenData(use)),
    appendEvents: (events) => writes.submit(() => history.appendEvents(events)),
    listChanges: (query) => read(() => history.listChanges(query)),
    sweep: (order) => writes.submit(() => sweep(order)),
    check,
    close,
  }
}

/** A read takes microseconds and waits for nothing; a lock or a fault is for `findSession` to deal with. */
function prepareRecall(sessions: Sessions, writes: GroupCommit): (selector: number) => StoredSession | null {
  return (selector) => {
    if (writes.end !== null) return null
    try {
      return sessions.findSession(selector)
    } catch {
      return null
    }
  }
}

function renewalMethods(
  renewals: Renewals,
  read: Read,
  writes: GroupCommit,
): Pick<Store, 'startRenewal' | 'promoteToken' | 'findRetiredToken'> {
  return {
    startRenewal: (start) => writes.submit(() => renewals.startRenewal(start)),
    promoteToken: (promotion) => writes.submit(() => renewals.promoteToken(promotion)),
    findRetiredToken: (selector, hash) => read(() => renewals.findRetiredToken(selector, hash)),
  }
}

function createAccess(parts: SqliteStoreParts): { read: Read } & Pick<Store, 'check' | 'close'> {
  const { db, writes, patienceMs, letGo } = parts
  const probe = db.prepare('UPDATE write_probe SET tries = tries + 1 WHERE id = 1')
  const closedError = new Error('The store was closed')
  let closing: Promise<void> | null = null

  async function read<Result>(work: () => Result): Promise<Result> {
    if (writes.end !== null) throw new StoreUnavailableError(writes.end)
    try {
      return work()
    } catch (error) {
      if (faultOf(error) === 'damaged') writes.breakOff(error)
      if (faultOf(error) !== 'busy') throw asRejection(error)
    }
    return whileBusy(work, patienceMs).catch((error: unknown) => {
      throw asRejection(error)
    })
  }

  async function closeOnce(): Promise<void> {
    await writes.drain(closedError)
    if (!writes.isBroken) letGo()
  }

  return {
    read,
    /** A lock that can be had is proof enough while writing works; after a failure only a real write is. */
    check: () => writes.submit(() => (writes.lastFailed ? void probe.run() : undefined)),
    close: () => (closing ??= closeOnce()),
  }
}

/** Several reads that see one state of the book, also when another process writes between them. */
function prepareView(db: SqliteDatabase): <Result>(work: () => Result) => Result {
  const begin = db.prepare('BEGIN')
  const end = db.prepare('ROLLBACK')
  return (work) => {
    begin.run()
    try {
      return work()
    } finally {
      end.run()
    }
  }
}

/** A selector, a user's or an event's id that is there already: the write was undone, the login draws anew. */
function conflictIfTaken(error: unknown): 'conflict' {
  if (error instanceof StoreUnavailableError && faultOf(error.cause) === 'taken') return 'conflict'
  throw error
}
