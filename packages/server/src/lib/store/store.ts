import type { EndReason } from '../errors.ts'
import type { EventRecord } from '../events.ts'
import type { EventId, UserId } from '../ids.ts'
import type {
  ChangeRecord,
  IdentityKey,
  IdentityRecord,
  LivingSession,
  RetiredToken,
  SessionEnd,
  SessionRecord,
  StoredSession,
  UsedCode,
  UserRecord,
} from '../records.ts'
import type { RecalledSession } from './recalled-session.ts'

/**
 * The port: what the verbs ask of a store, and nothing more. Every method is atomic. One that resolves after a
 * write has made it durable. A store that cannot do what was asked rejects with `StoreUnavailableError` and has
 * written nothing of it. There is one exception, for stores behind a network: where the answer to a commit was lost,
 * and what became of it cannot be asked either, all of it may be there. So who tries again must bear that it was
 * done: a code is used, a session has ended, a token is noted.
 * Whatever ends or alters sessions, or the user that they are read with, also appends to `changes`, in the same
 * transaction. Text is kept to the character: what is no well-formed Unicode, or holds U+0000, is kept whole or
 * refused with a `RangeError`. Ids and keys are equal and sort by the codes of their characters, in no language.
 * Several stores may work on one database where their kind allows it; what is said here holds for all of them
 * together. `contract.ts` is the suite that every store passes.
 */
export interface Store {
  /** What is known of a code that made a login here; null for any other. */
  findCode(codeHash: Uint8Array): Promise<UsedCode | null>

  /** All that a login's decision rests on, as one consistent view. */
  findLoginFacts(query: LoginQuery): Promise<LoginFacts>

  /**
   * The whole login or nothing of it: code row, user, identity, ended sessions, session, events.
   * `code_used`: the code's row was there already. `conflict`: the facts have changed since they were read (user
   * or identity made meanwhile, also one in this scope whose unionid the new user's identity has; key ring written;
   * other living sessions, or one that should give way was ended; user banned or closed) or a key is taken: read
   * them again and decide anew.
   */
  recordLogin(plan: LoginPlan): Promise<'recorded' | 'code_used' | 'conflict'>

  /**
   * The session with that selector, living or dead, and its user's state; null when there is no row. Who asks for
   * `memory` bears an answer that was so less than a second ago: from a store that remembers sessions it may come with
   * no look at the database, and then it is of one that lived.
   */
  findSession(selector: number, from?: 'memory'): Promise<StoredSession | null>

  /**
   * A session at once, from a store that need not be waited for: one in this process, or one that remembers. Null:
   * none of that selector lives, or it cannot be told so; then call `findSession`. Never throws.
   */
  recallSession?(selector: number): RecalledSession | null

  /**
   * Whether what was recalled may be used once more: nothing about it has changed, and its time is not over. Only a
   * store that remembers can say so.
   */
  isRecalledStill?(recalled: RecalledSession): boolean

  /**
   * Writes a later idle deadline; never an earlier one, never to a session that was ended or whose time is over when
   * this is written: what no act could end any more must not live again.
   */
  touchSession(selector: number, idleDeadlineMs: number): Promise<void>

  /**
   * Notes which token is to follow, if the session lives at `atMs`, `tokenHash` is that of its token and none is noted
   * yet; the session's `renewals` grow by one. False: nothing is written, not the events either.
   */
  startRenewal(start: RenewalStart): Promise<boolean>

  /**
   * The noted token was used: it becomes the session's token, and the one before is kept as retired, with its seed. If
   * the session lives at `atMs` and `nextHash` is the one that is noted. False: nothing is written.
   */
  promoteToken(promotion: TokenPromotion): Promise<boolean>

  /** What is known of a token that the session had before, also after its end; null for any other. */
  findRetiredToken(selector: number, tokenHash: Uint8Array): Promise<RetiredToken | null>

  /** Ends one session of that user. False when there is none such that lives at `atMs`: nothing is written. */
  endSession(
    end: SessionEnd & { readonly userId: UserId; readonly events: readonly EventRecord[] },
  ): Promise<boolean>

  /**
   * Ends all sessions of a user that live at `atMs`, but `exceptSelector`, and says how many. Events are written if
   * any ended. One that an act or its time has ended keeps that reason and that moment.
   */
  endUserSessions(end: EndUserSessions): Promise<number>

  /** The user, or null when there is none or it was closed. */
  findUser(userId: UserId): Promise<UserRecord | null>
  findIdentity(key: IdentityKey): Promise<IdentityRecord | null>
  listIdentities(userId: UserId): Promise<IdentityRecord[]>
  /** Sessions of a user that no act has ended and whose time is not over at `nowMs`, newest first. */
  listSessions(userId: UserId, nowMs: number): Promise<SessionRecord[]>
  /** Newest first, older than `before` when given. */
  listEvents(query: {
    readonly userId: UserId
    readonly before?: EventId
    readonly limit: number
  }): Promise<EventRecord[]>
  /** Newest first (by id), older than `before` when given; `search` matches the id or a part of the nickname. */
  listUsers(query: {
    readonly before?: UserId
    readonly search?: string
    readonly limit: number
  }): Promise<UserRecord[]>

  /**
   * Sets what is given; null empties a field. Resolves with the user as it is then; null when there is none. Where
   * all that is given is so already, nothing is written: no event, no change.
   */
  updateProfile(change: ProfileChange): Promise<UserRecord | null>

  /**
   * Bans (a time) or frees (null) a user, living sessions included. False when there is no such user. Who is
   * banned already stays so since the first time, who is free stays free: true, and nothing is written.
   */
  setUserBan(change: {
    readonly userId: UserId
    readonly bannedAtMs: number | null
    readonly events: readonly EventRecord[]
  }): Promise<boolean>

  /**
   * Closes an account: its identities go, so who comes back is a new user; its sessions that live at `atMs` end as
   * `user_deleted`; of user, sessions and earlier events only what names no person stays (ids, times, types, hashes of
   * tokens, no seeds). False when there is no such user.
   */
  closeAccount(close: {
    readonly userId: UserId
    readonly atMs: number
    readonly events: readonly EventRecord[]
  }): Promise<boolean>

  /** Remembers that open data was used. `used` the first time, `conflict` (and no event) until it is forgotten. */
  useOpenData(use: {
    readonly hash: Uint8Array
    readonly forgetAfterMs: number
    readonly events: readonly EventRecord[]
  }): Promise<'used' | 'conflict'>

  appendEvents(events: readonly EventRecord[]): Promise<void>

  /**
   * Changes after `seq` in the order of their numbers: how other nodes learn of ended sessions. Once one was listed,
   * none with a smaller number is written any more: who goes on after the last one misses nothing. Fewer than `limit`
   * are all that were committed when this was called; where that cannot be known it rejects.
   */
  listChanges(query: { readonly afterSeq: number; readonly limit: number }): Promise<ChangeRecord[]>

  /**
   * Forgets what is over, at most `limit` rows of each kind, and says how many rows that were: sessions whose end
   * lies before `sessionsBeforeMs` with their retired tokens, code rows, open-data marks, old events and changes gone, seeds whose
   * time is over wiped: of codes, of retired tokens at `nowMs` no longer good, of renewals whose session has ended
   * before. As many as `limit` or more: there may be more to do. It may take several atomic turns, and be found undone
   * after a power cut: then the next sweep does it again.
   */
  sweep(order: SweepOrder): Promise<number>

  /** A small word that nodes leave each other; null when there is none of that name. */
  findNote(name: string): Promise<string | null>

  /**
   * Writes a note if it still says `expected` (null: there is none); `value` null removes it. False: it says something
   * else, nothing is written. So of several nodes that try at once one has its way. Names and values are ASCII.
   */
  swapNote(swap: NoteSwap): Promise<boolean>

  /** Identities in an order of the store's own that stays, after `after` when given: for who goes through all. */
  pageIdentities(query: {
    readonly after: IdentityKey | null
    readonly limit: number
  }): Promise<IdentityRecord[]>

  /** Writes a key ring if the identity is still of that version, which grows by one. False: nothing is written. */
  replaceKeyRing(change: KeyRingChange): Promise<boolean>

  /**
   * Resolves when all that was read here before is as safe as what was acknowledged, for who makes an answer of it that
   * is to last. Only where a commit can be seen whose writer was never told that it is safe.
   */
  confirm?(): Promise<void>

  /** Resolves when the store can be read and written now. */
  check(): Promise<void>

  /** Writes what is queued and lets go of files and connections. Later calls reject. */
  close(): Promise<void>
}

export interface NoteSwap {
  readonly name: string
  readonly expected: string | null
  readonly value: string | null
}

export interface KeyRingChange {
  readonly key: IdentityKey
  readonly expectedVersion: number
  /** Sealed, newest first. */
  readonly keyRing: readonly string[]
}

export interface LoginQuery extends IdentityKey {
  readonly unionid: string | null
  /** Apps of one open platform share a scope: the same unionid there is the same person. */
  readonly unionScope: string
}

export interface LoginFacts {
  readonly identity: IdentityRecord | null
  /** The user of `identity`. */
  readonly user: UserRecord | null
  /** The oldest user of whom an identity in this scope has this unionid. */
  readonly unionUser: UserRecord | null
  /** Sessions in this app of `user`, else of `unionUser`, that no act has ended. */
  readonly sessions: readonly LivingSession[]
}

export interface LoginPlan {
  /** Null for the development tools' mock code, which comes again and again. */
  readonly code: CodeRow | null
  readonly user:
    | { readonly kind: 'create'; readonly record: UserRecord }
    | { readonly kind: 'keep'; readonly id: UserId }
  readonly identity:
    | { readonly kind: 'create'; readonly record: IdentityRecord }
    | { readonly kind: 'update'; readonly record: IdentityRecord; readonly expectedVersion: number }
    | { readonly kind: 'keep'; readonly key: IdentityKey; readonly expectedVersion: number }
  /** Selectors of `LoginFacts.sessions`: other ones there at the time of writing are a conflict. */
  readonly seenSelectors: readonly number[]
  /** One whose time is over at `atMs` stays as it is. */
  readonly endSessions: readonly SessionEnd[]
  readonly session: SessionRecord
  readonly events: readonly EventRecord[]
}

export interface CodeRow {
  readonly hash: Uint8Array
  readonly usedAtMs: number
  /** Under this the token is derived again for a retry; null when the client sent no nonce. */
  readonly seed: Uint8Array | null
  readonly isNew: boolean
  readonly forgetAfterMs: number
}

export interface RenewalStart {
  readonly selector: number
  readonly tokenHash: Uint8Array
  readonly nextHash: Uint8Array
  readonly seed: Uint8Array
  readonly atMs: number
  readonly events: readonly EventRecord[]
}

export interface TokenPromotion {
  readonly selector: number
  readonly nextHash: Uint8Array
  readonly atMs: number
  /** Of the token before. */
  readonly goodUntilMs: number
}

export interface EndUserSessions {
  readonly userId: UserId
  readonly exceptSelector: number | null
  readonly reason: EndReason
  readonly atMs: number
  readonly events: readonly EventRecord[]
}

export interface ProfileChange {
  readonly userId: UserId
  readonly nickname?: string | null
  readonly avatarUrl?: string | null
  readonly events: readonly EventRecord[]
}

export interface SweepOrder {
  readonly nowMs: number
  /** Tombstones whose end lies before this go. */
  readonly sessionsBeforeMs: number
  readonly eventsBeforeMs: number
  readonly changesBeforeMs: number
  /** By number: so many up to the newest one stay, however old they say they are. */
  readonly changesKept: number
  /** Seeds of codes used before this are wiped. */
  readonly seedsBeforeMs: number
  readonly limit: number
}
