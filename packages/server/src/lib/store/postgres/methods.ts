import type { Clock } from '../../clock.ts'
import { StoreUnavailableError } from '../../errors.ts'
import type { Store } from '../store.ts'
import { listChanges } from './changes.ts'
import { closeAccount } from './close-account.ts'
import type { Connections } from './connections.ts'
import { isTaken } from './errors.ts'
import { appendEvents, listEvents, useOpenData } from './history.ts'
import { findCode, findLoginFacts } from './login-facts.ts'
import { findNote, pageIdentities, replaceKeyRing, swapNote } from './notes.ts'
import { recordLogin } from './record-login.ts'
import { findRetiredToken, promoteToken, startRenewal } from './renewals.ts'
import { endSession, endUserSessions, findSession, listSessions, touchSession } from './sessions.ts'
import { statement } from './sql.ts'
import { sweep } from './sweep.ts'
import { findIdentity, findUser, listIdentities, listUsers, setUserBan, updateProfile } from './users.ts'

/** The port on a pool of connections. */
export function createPostgresStore(connections: Connections, clock: Clock): Store {
  const read: Connections['read'] = (work) => connections.read(work)
  const write: Connections['write'] = (work) => connections.write(work)
  return {
    findCode: (hash) => read((sql) => findCode(sql, hash)),
    findLoginFacts: (query) => read((sql) => findLoginFacts(sql, query)),
    recordLogin: (plan) => write((tx) => recordLogin(tx, plan)).catch(conflictIfTaken),
    findSession: (selector) => read((sql) => findSession(sql, selector)),
    touchSession: (selector, idleDeadlineMs) =>
      write((tx) => touchSession(tx, { selector, idleDeadlineMs, nowMs: clock.nowMs() })),
    startRenewal: (start) => write((tx) => startRenewal(tx, start)),
    promoteToken: (promotion) => write((tx) => promoteToken(tx, promotion)),
    findRetiredToken: (selector, tokenHash) => read((sql) => findRetiredToken(sql, selector, tokenHash)),
    endSession: (end) => write((tx) => endSession(tx, end)),
    endUserSessions: (end) => write((tx) => endUserSessions(tx, end)),
    findUser: (userId) => read((sql) => findUser(sql, userId)),
    findIdentity: (key) => read((sql) => findIdentity(sql, key)),
    listIdentities: (userId) => read((sql) => listIdentities(sql, userId)),
    listSessions: (userId, nowMs) => read((sql) => listSessions(sql, userId, nowMs)),
    listEvents: (query) => read((sql) => listEvents(sql, query)),
    listUsers: (query) => read((sql) => listUsers(sql, query)),
    updateProfile: (change) => write((tx) => updateProfile(tx, change, clock.nowMs())),
    setUserBan: (change) => write((tx) => setUserBan(tx, change, clock.nowMs())),
    closeAccount: (order) => write((tx) => closeAccount(tx, order)),
    useOpenData: (use) => write((tx) => useOpenData(tx, use)),
    appendEvents: (events) => write((tx) => appendEvents(tx, events)),
    listChanges: (query) => listChanges(connections, query),
    sweep: (order) => write((tx) => sweep(tx, order)),
    findNote: (name) => read((sql) => findNote(sql, name)),
    swapNote: (swap) => write((tx) => swapNote(tx, swap)),
    pageIdentities: (query) => read((sql) => pageIdentities(sql, query)),
    replaceKeyRing: (change) => write((tx) => replaceKeyRing(tx, change)),
    check: () => check(connections),
    close: () => connections.close(),
  }
}

const SELECT_READ_ONLY = statement(
  `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS "isReadOnly"`,
)
const PROBE = statement('UPDATE yaopai.write_probe SET tries = tries + 1 WHERE id = 1')

/** While writing works it is enough that the server would let us; after a failure only a real write tells. */
async function check(connections: Connections): Promise<void> {
  if (connections.lastFailed) return connections.write(async (tx) => void (await tx.run(PROBE)))
  const row = await connections.read((sql) => sql.one<{ isReadOnly: boolean }>(SELECT_READ_ONLY))
  if (row?.isReadOnly !== false) throw new StoreUnavailableError(new Error('The database only reads'))
}

/** An event's id that is there already: the write was undone, the login draws anew. */
function conflictIfTaken(error: unknown): 'conflict' {
  if (error instanceof StoreUnavailableError && isTaken(error.cause)) return 'conflict'
  throw error
}
