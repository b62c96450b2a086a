import { StoreUnavailableError } from '../../errors.ts'
import { type RecalledSession, recalledOf } from '../recalled-session.ts'
import type { Store, SweepOrder } from '../store.ts'
import type { Book } from './book.ts'
import { faultOf } from './errors.ts'
import { asRejection } from './group-commit.ts'
import { whileBusy } from './patience.ts'
import type { Sessions } from './sessions.ts'
import type { Writer } from './writer.ts'

interface SqliteStoreParts {
  readonly book: Book
  readonly writer: Writer
  readonly patienceMs: readonly number[]
  /** Lets go of the connection and the locks. */
  readonly letGo: () => void
}

type Read = <Result>(work: () => Result) => Promise<Result>

/** The port: reads at once on this connection, writes as orders to whoever writes. */
export function createSqliteStore(parts: SqliteStoreParts): Store {
  const { book, writer } = parts
  const { history, users, sessions, logins, renewals, notes, keyRings } = book
  const { read, close } = createAccess(parts)

  return {
    ...writingMethods(writer),
    findCode(hash) {
      writer.warmUp()
      return read(() => logins.findCode(hash))
    },
    findLoginFacts: (query) => read(() => book.findLoginFacts(query)),
    findSession: (selector) => read(() => sessions.findSession(selector)),
    recallSession: prepareRecall(sessions, writer),
    findRetiredToken: (selector, hash) => read(() => renewals.findRetiredToken(selector, hash)),
    findNote: (name) => read(() => notes.findNote(name)),
    pageIdentities: (query) => read(() => keyRings.pageIdentities(query)),
    findUser: (userId) => read(() => users.findUser(userId)),
    findIdentity: (key) => read(() => users.findIdentity(key)),
    listIdentities: (userId) => read(() => users.listIdentities(userId)),
    listSessions: (userId, nowMs) => read(() => sessions.listSessions(userId, nowMs)),
    listEvents: (query) => read(() => history.listEvents(query)),
    listUsers: (query) => read(() => users.listUsers(query)),
    listChanges: (query) => read(() => history.listChanges(query)),
    close,
  }
}

/** A read takes microseconds and waits for nothing; a lock or a fault is for `findSession` to deal with. */
function prepareRecall(sessions: Sessions, writer: Writer): (selector: number) => RecalledSession | null {
  return (selector) => {
    if (writer.end !== null) return null
    try {
      const session = sessions.findSession(selector)
      return session === null ? null : recalledOf(session)
    } catch {
      return null
    }
  }
}

type WritingMethods = Pick<
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
  | 'useOpenData'
  | 'appendEvents'
  | 'sweep'
  | 'swapNote'
  | 'replaceKeyRing'
  | 'check'
>

function writingMethods(writer: Writer): WritingMethods {
  return {
    recordLogin: (plan) => writer.write('recordLogin', plan).catch(conflictIfTaken),
    touchSession: (selector, idleDeadlineMs) => writer.write('touchSession', { selector, idleDeadlineMs }),
    startRenewal: (start) => writer.write('startRenewal', start),
    promoteToken: (promotion) => writer.write('promoteToken', promotion),
    endSession: (end) => writer.write('endSession', end),
    endUserSessions: (end) => writer.write('endUserSessions', end),
    updateProfile: (change) => writer.write('updateProfile', change),
    setUserBan: (change) => writer.write('setUserBan', change),
    closeAccount: (close) => writer.write('closeAccount', close),
    useOpenData: (use) => writer.write('useOpenData', use),
    appendEvents: (events) => writer.write('appendEvents', events),
    sweep: (order) => sweepInTurns(writer, order),
    swapNote: (swap) => writer.write('swapNote', swap),
    replaceKeyRing: (change) => writer.write('replaceKeyRing', change),
    check: () => writer.write('check', null),
  }
}

/** Turn by turn, each with a commit of its own or a share in one: logins get in between. */
async function sweepInTurns(writer: Writer, order: SweepOrder): Promise<number> {
  let rows = 0
  let left = order.limit
  while (left > 0) {
    const turn = await writer.write('sweep', { ...order, limit: left })
    rows += turn.rows
    left -= turn.limit
    if (turn.rows < turn.limit) break
  }
  return rows
}

function createAccess({
  writer,
  patienceMs,
  letGo,
}: SqliteStoreParts): { read: Read } & Pick<Store, 'close'> {
  const closedError = new Error('The store was closed')
  let closing: Promise<void> | null = null

  async function read<Result>(work: () => Result): Promise<Result> {
    if (writer.end !== null) throw new StoreUnavailableError(writer.end)
    try {
      return work()
    } catch (error) {
      if (faultOf(error) === 'damaged') writer.breakOff(error)
      if (faultOf(error) !== 'busy') throw asRejection(error)
    }
    return whileBusy(work, patienceMs).catch((error: unknown) => {
      throw asRejection(error)
    })
  }

  async function closeOnce(): Promise<void> {
    await writer.drain(closedError)
    if (!writer.isBroken) letGo()
  }

  return { read, close: () => (closing ??= closeOnce()) }
}

/** A selector, a user's or an event's id that is there already: the write was undone, the login draws anew. */
function conflictIfTaken(error: unknown): 'conflict' {
  if (error instanceof StoreUnavailableError && faultOf(error.cause) === 'taken') return 'conflict'
  throw error
}
