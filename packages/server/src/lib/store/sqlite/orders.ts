import type { Clock } from '../../clock.ts'
import type { EventRecord } from '../../events.ts'
import type { UserRecord } from '../../records.ts'
import type {
  KeyRingChange,
  LoginPlan,
  NoteSwap,
  ProfileChange,
  RenewalStart,
  Store,
  SweepOrder,
  TokenPromotion,
} from '../store.ts'
import type { Book } from './book.ts'
import { prepareCloseAccount } from './close-account.ts'
import type { SqliteDatabase } from './driver.ts'
import { prepareRecordLogin } from './record-login.ts'
import { prepareSweep, type SweepTurn } from './sweep.ts'

type First<Method extends Exclude<keyof Store, 'recallSession' | 'isRecalledStill' | 'confirm'>> = Parameters<
  Store[Method]
>[0]

/** The port's writes by name: what is asked and what is answered, both fit to be copied to another thread. */
interface OrderTypes {
  readonly recordLogin: { readonly order: LoginPlan; readonly answer: 'recorded' | 'code_used' | 'conflict' }
  readonly touchSession: {
    readonly order: { readonly selector: number; readonly idleDeadlineMs: number }
    readonly answer: undefined
  }
  readonly startRenewal: { readonly order: RenewalStart; readonly answer: boolean }
  readonly promoteToken: { readonly order: TokenPromotion; readonly answer: boolean }
  readonly endSession: { readonly order: First<'endSession'>; readonly answer: boolean }
  readonly endUserSessions: { readonly order: First<'endUserSessions'>; readonly answer: number }
  readonly updateProfile: { readonly order: ProfileChange; readonly answer: UserRecord | null }
  readonly setUserBan: { readonly order: First<'setUserBan'>; readonly answer: boolean }
  readonly closeAccount: { readonly order: First<'closeAccount'>; readonly answer: boolean }
  readonly useOpenData: { readonly order: First<'useOpenData'>; readonly answer: 'used' | 'conflict' }
  readonly appendEvents: { readonly order: readonly EventRecord[]; readonly answer: undefined }
  readonly sweep: { readonly order: SweepOrder; readonly answer: SweepTurn }
  readonly swapNote: { readonly order: NoteSwap; readonly answer: boolean }
  readonly replaceKeyRing: { readonly order: KeyRingChange; readonly answer: boolean }
  readonly check: { readonly order: null; readonly answer: undefined }
}

export type Verb = keyof OrderTypes
export type OrderOf<V extends Verb> = OrderTypes[V]['order']
export type AnswerOf<V extends Verb> = OrderTypes[V]['answer']

/** Each is to be called in a write transaction. */
export type Orders = { readonly [V in Verb]: (order: OrderOf<V>) => AnswerOf<V> }

interface OrdersOptions {
  readonly clock: Clock
  /** Whether the last transaction could not be written: the next check must write to know better. */
  readonly lastFailed: () => boolean
}

export function prepareOrders(
  db: SqliteDatabase,
  { history, users, sessions, logins, renewals, notes, keyRings }: Book,
  { clock, lastFailed }: OrdersOptions,
): Orders {
  const probe = db.prepare('UPDATE write_probe SET tries = tries + 1 WHERE id = 1')
  return {
    recordLogin: prepareRecordLogin(db, { reads: logins, sessions, history }),
    touchSession: ({ selector, idleDeadlineMs }) =>
      void sessions.touchSession(selector, idleDeadlineMs, clock.nowMs()),
    startRenewal: (start) => renewals.startRenewal(start),
    promoteToken: (promotion) => renewals.promoteToken(promotion),
    endSession: (end) => sessions.endSession(end),
    endUserSessions: (end) => sessions.endUserSessions(end),
    updateProfile: (change) => users.updateProfile(change, clock.nowMs()),
    setUserBan: (change) => users.setUserBan(change, clock.nowMs()),
    closeAccount: prepareCloseAccount(db, history),
    useOpenData: (use) => history.useOpenData(use),
    appendEvents: (events) => void history.appendEvents(events),
    sweep: prepareSweep(db),
    swapNote: (swap) => notes.swapNote(swap),
    replaceKeyRing: (change) => keyRings.replaceKeyRing(change),
    /** A lock that can be had is proof enough while writing works; after a failure only a real write is. */
    check: () => void (lastFailed() && probe.run()),
  }
}
