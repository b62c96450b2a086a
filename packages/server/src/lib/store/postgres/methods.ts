import type { Clock } from '../../clock.ts'
import { StoreUnavailableError } from '../../errors.ts'
import { createSqlStore, type Verbs } from '../sql/methods.ts'
import type { Store } from '../store.ts'
import { changesReader } from './changes.ts'
import { closeAccount } from './close-account.ts'
import type { PostgresConnections } from './connections.ts'
import { appendEvents, listEvents, useOpenData } from './history.ts'
import { findCode, findLoginFacts } from './login-facts.ts'
import { collectLookUps } from './look-ups.ts'
import { findNote, pageIdentities, replaceKeyRing, swapNote } from './notes.ts'
import { probe } from './probe.ts'
import { recordLogin } from './record-login.ts'
import { findRetiredToken, promoteToken, startRenewal } from './renewals.ts'
import { endSession, endUserSessions, findSession, listSessions, touchSession } from './sessions.ts'
import { type Sql, statement } from './sql.ts'
import { sweep } from './sweep.ts'
import type { Transaction } from './transaction.ts'
import { findIdentity, findUser, listIdentities, listUsers, setUserBan, updateProfile } from './users.ts'

/** The port on a pool of connections. */
export function createPostgresStore(connections: PostgresConnections, clock: Clock): Store {
  const store = createSqlStore(connections, clock, VERBS)
  const lookUps = collectLookUps(connections)
  return {
    ...store,
    findSession: (selector) => lookUps.findSession(selector),
    confirm: () => connections.write(probe),
    close() {
      lookUps.flush()
      return store.close()
    },
  }
}

const VERBS: Verbs<Sql, Transaction> = {
  findCode,
  findLoginFacts,
  recordLogin,
  findSession,
  touchSession,
  startRenewal,
  promoteToken,
  findRetiredToken,
  endSession,
  endUserSessions,
  findUser,
  findIdentity,
  listIdentities,
  listSessions,
  listEvents,
  listUsers,
  updateProfile,
  setUserBan,
  closeAccount,
  useOpenData,
  appendEvents,
  changesReader,
  sweep,
  findNote,
  swapNote,
  pageIdentities,
  replaceKeyRing,
  saysItWrites,
  probe,
}

const SELECT_READ_ONLY = statement(
  `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS "isReadOnly"`,
)

/** Whatever is tried, one that says no will refuse. */
async function saysItWrites(sql: Sql): Promise<true> {
  const row = await sql.one<{ isReadOnly: boolean }>(SELECT_READ_ONLY)
  if (row?.isReadOnly !== false) throw new StoreUnavailableError(new Error('The database only reads'))
  return true
}
