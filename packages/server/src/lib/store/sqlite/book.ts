import type { SqliteDatabase } from './driver.ts'
import { type History, prepareHistory } from './history.ts'
import { prepareLoginFacts } from './login-facts.ts'
import { type LoginReads, prepareLoginReads } from './logins.ts'
import { type KeyRings, type Notes, prepareKeyRings, prepareNotes } from './notes.ts'
import { prepareRenewals, type Renewals } from './renewals.ts'
import { prepareSessions, type Sessions } from './sessions.ts'
import { prepareUsers, type Users } from './users.ts'

/** The parts of the book on one connection, which share what they have prepared. */
export interface Book {
  readonly history: History
  readonly users: Users
  readonly sessions: Sessions
  readonly findLoginFacts: ReturnType<typeof prepareLoginFacts>
  readonly logins: LoginReads
  readonly renewals: Renewals
  readonly notes: Notes
  readonly keyRings: KeyRings
}

export function prepareBook(db: SqliteDatabase): Book {
  const history = prepareHistory(db)
  const users = prepareUsers(db, history)
  return {
    history,
    users,
    sessions: prepareSessions(db, history),
    findLoginFacts: prepareLoginFacts(db),
    logins: prepareLoginReads(db),
    renewals: prepareRenewals(db, history),
    notes: prepareNotes(db),
    keyRings: prepareKeyRings(db),
  }
}
