import type { Clock } from '../../clock.ts'
import { StoreUnavailableError } from '../../errors.ts'
import type { Store } from '../store.ts'
import { type ChangesReader, listChanges } from './changes.ts'
import type { Connections } from './connections.ts'
import { RefusedError } from './faults.ts'
import type { SqlTransaction } from './transaction.ts'

type Reading =
  | 'findCode'
  | 'findLoginFacts'
  | 'findSession'
  | 'findRetiredToken'
  | 'findUser'
  | 'findIdentity'
  | 'listIdentities'
  | 'listSessions'
  | 'listEvents'
  | 'listUsers'
  | 'findNote'
  | 'pageIdentities'
type Writing =
  | 'recordLogin'
  | 'startRenewal'
  | 'promoteToken'
  | 'endSession'
  | 'endUserSessions'
  | 'closeAccount'
  | 'useOpenData'
  | 'sweep'
  | 'swapNote'
  | 'replaceKeyRing'
type WritingByTheClock = 'updateProfile' | 'setUserBan'

type Args<Name extends keyof Store> = Parameters<NonNullable<Store[Name]>>
type Result<Name extends keyof Store> = ReturnType<NonNullable<Store[Name]>>

/** The methods of the port, each with the connection or the transaction that it works on before its own arguments. */
export type Verbs<View, Tx> = {
  readonly [Name in Reading]: (view: View, ...args: Args<Name>) => Result<Name>
} & { readonly [Name in Writing]: (tx: Tx, ...args: Args<Name>) => Result<Name> } & {
  readonly [Name in WritingByTheClock]: (tx: Tx, change: Args<Name>[0], nowMs: number) => Result<Name>
} & {
  readonly appendEvents: (tx: Tx, ...args: Args<'appendEvents'>) => Promise<void> | void
  readonly touchSession: (
    tx: Tx,
    touch: { readonly selector: number; readonly idleDeadlineMs: number; readonly nowMs: number },
  ) => Promise<void>
  readonly changesReader: ChangesReader<View, Tx>
  /** What the server says of itself; where it is in doubt only `probe` tells. */
  readonly saysItWrites: (view: View) => Promise<boolean>
  /** Writes a row, and keeps it. */
  readonly probe: (tx: Tx) => Promise<void>
}

/** The port on a pool of connections. */
export function createSqlStore<View, Tx extends SqlTransaction<View>>(
  connections: Connections<View, Tx>,
  clock: Clock,
  verbs: Verbs<View, Tx>,
): Store {
  const read: (typeof connections)['read'] = (work) => connections.read(work)
  const write: (typeof connections)['write'] = (work) => connections.write(work)
  return {
    findCode: (hash) => read((view) => verbs.findCode(view, hash)),
    findLoginFacts: (query) => read((view) => verbs.findLoginFacts(view, query)),
    recordLogin: (plan) => write((tx) => verbs.recordLogin(tx, plan)).catch(conflictIfTaken),
    findSession: (selector) => connections.lookUp((view) => verbs.findSession(view, selector)),
    touchSession: (selector, idleDeadlineMs) =>
      write((tx) => verbs.touchSession(tx, { selector, idleDeadlineMs, nowMs: clock.nowMs() })),
    startRenewal: (start) => write((tx) => verbs.startRenewal(tx, start)),
    promoteToken: (promotion) => write((tx) => verbs.promoteToken(tx, promotion)),
    findRetiredToken: (...key) => connections.lookUp((view) => verbs.findRetiredToken(view, ...key)),
    endSession: (end) => write((tx) => verbs.endSession(tx, end)),
    endUserSessions: (end) => write((tx) => verbs.endUserSessions(tx, end)),
    findUser: (userId) => connections.lookUp((view) => verbs.findUser(view, userId)),
    findIdentity: (key) => read((view) => verbs.findIdentity(view, key)),
    listIdentities: (userId) => read((view) => verbs.listIdentities(view, userId)),
    listSessions: (userId, nowMs) => read((view) => verbs.listSessions(view, userId, nowMs)),
    listEvents: (query) => read((view) => verbs.listEvents(view, query)),
    listUsers: (query) => read((view) => verbs.listUsers(view, query)),
    updateProfile: (change) => write((tx) => verbs.updateProfile(tx, change, clock.nowMs())),
    setUserBan: (change) => write((tx) => verbs.setUserBan(tx, change, clock.nowMs())),
    closeAccount: (order) => write((tx) => verbs.closeAccount(tx, order)),
    useOpenData: (use) => write((tx) => verbs.useOpenData(tx, use)),
    appendEvents: (events) => write(async (tx) => verbs.appendEvents(tx, events)),
    listChanges: (query) => listChanges(connections, query, verbs.changesReader),
    sweep: (order) => write((tx) => verbs.sweep(tx, order)),
    findNote: (name) => read((view) => verbs.findNote(view, name)),
    swapNote: (swap) => write((tx) => verbs.swapNote(tx, swap)),
    pageIdentities: (query) => read((view) => verbs.pageIdentities(view, query)),
    replaceKeyRing: (change) => write((tx) => verbs.replaceKeyRing(tx, change)),
    check: () => check(connections, verbs),
    close: () => connections.close(),
  }
}

/** While writing works it is enough that the server would let us; where that is in doubt only a real write tells. */
async function check<View, Tx extends SqlTransaction<View>>(
  connections: Connections<View, Tx>,
  { saysItWrites, probe }: Pick<Verbs<View, Tx>, 'saysItWrites' | 'probe'>,
): Promise<void> {
  const deadline = connections.lookUpDeadline()
  const isClear = await connections.lookUp(saysItWrites, deadline)
  if (!isClear || connections.lastFailed) await connections.write(probe, deadline)
}

/** An event's id that is there already: the write was undone, the login draws anew. */
function conflictIfTaken(error: unknown): 'conflict' {
  const isTaken =
    error instanceof StoreUnavailableError &&
    error.cause instanceof RefusedError &&
    error.cause.kind === 'taken'
  if (isTaken) return 'conflict'
  throw error
}
