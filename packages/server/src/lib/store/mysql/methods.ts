import type { Clock } from '../../clock.ts'
import { createSqlStore, type Verbs } from '../sql/methods.ts'
import type { Store } from '../store.ts'
import { changesReader } from './changes.ts'
import { closeAccount } from './close-account.ts'
import type { MysqlConnections } from './connections.ts'
import { appendEvents, listEvents, useOpenData } from './history.ts'
import { findCode, findLoginFacts } from './login-facts.ts'
import { findNote, pageIdentities, replaceKeyRing, swapNote } from './notes.ts'
import { recordLogin } from './record-login.ts'
import { findRetiredToken, promoteToken, startRenewal } from './renewals.ts'
import type { Session } from './session.ts'
import { endSession, endUserSessions, findSession, listSessions, touchSession } from './sessions.ts'
import { sql } from './sql.ts'
import { sweep } from './sweep.ts'
import type { Transaction } from './transaction.ts'
import { findIdentity, findUser, listIdentities, listUsers, setUserBan, updateProfile } from './users.ts'

/** The port on a pool of connections. */
export function createMysqlStore(connections: MysqlConnections, clock: Clock): Store {
  return createSqlStore(connections, clock, VERBS)
}

const VERBS: Verbs<Session, Transaction> = {
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

const SELECT_READ_ONLY = sql`SELECT @@GLOBAL.read_only AS isReadOnly`

/** Some users may write where the others only read. */
async function saysItWrites(session: Session): Promise<boolean> {
  const row = await session.first<{ isReadOnly: number }>(SELECT_READ_ONLY)
  return row?.isReadOnly === 0
}

export async function probe(tx: Transaction): Promise<void> {
  tx.atLast(sql`UPDATE yaopai_write_probe SET tries = tries + 1 WHERE id = 1`)
}
