import type { UserId } from '../ids.ts'
import type { IdentityKey, IdentityRecord, UserRecord } from '../records.ts'
import { storableNickname } from './nickname.ts'

/** What the store knows of who WeChat says this is. */
export interface Found {
  readonly identity: IdentityRecord | null
  readonly user: UserRecord | null
  readonly unionUser: UserRecord | null
}

/** Who arrives. */
export interface Arrival {
  readonly key: IdentityKey
  readonly unionid: string | null
  readonly unionScope: string
  /** The key ring as it shall be, sealed; null when the newest kept key is the one that came. */
  readonly newKeyRing: readonly string[] | null
  readonly nowMs: number
  /** Of a user who has to be made. */
  readonly newUserId: UserId
  readonly nickname: string | null
}

export type UserPlan =
  | { readonly kind: 'create'; readonly record: UserRecord }
  | { readonly kind: 'keep'; readonly id: UserId }

export type IdentityPlan =
  | { readonly kind: 'create'; readonly record: IdentityRecord }
  | { readonly kind: 'update'; readonly record: IdentityRecord; readonly expectedVersion: number }
  | { readonly kind: 'keep'; readonly key: IdentityKey; readonly expectedVersion: number }

export type Decision =
  | {
      readonly ok: true
      readonly user: UserPlan
      readonly identity: IdentityPlan
      /** Another user whom the unionid shows to be the same person; reported, not merged. */
      readonly unionConflictWith: UserId | null
    }
  | { readonly ok: false; readonly reason: 'banned' }

/**
 * Who is this? Known by openid: the identity's user, whatever the unionid says. Known by unionid alone: the
 * same person in another app, so the new identity joins that user. Else a new user. A banned one stays out.
 */
export function decide(found: Found, arrival: Arrival): Decision {
  const user = found.user ?? found.unionUser
  if (user !== null && user.bannedAtMs !== null) return { ok: false, reason: 'banned' }
  if (found.identity !== null && found.user !== null)
    return keepUser(found.identity, found.unionUser, arrival)
  return { ok: true, ...joinOrCreate(found.unionUser, arrival), unionConflictWith: null }
}

function keepUser(identity: IdentityRecord, unionUser: UserRecord | null, arrival: Arrival): Decision {
  // A unionid and its scope are one name: where WeChat tells none, the kept pair stays as it was.
  const { unionid, unionScope } = arrival.unionid === null ? identity : arrival
  const unchanged = unionid === identity.unionid && unionScope === identity.unionScope
  return {
    ok: true,
    user: { kind: 'keep', id: identity.userId },
    identity:
      unchanged && arrival.newKeyRing === null
        ? { kind: 'keep', key: arrival.key, expectedVersion: identity.version }
        : {
            kind: 'update',
            record: {
              ...identity,
              unionid,
              unionScope,
              keyRing: arrival.newKeyRing ?? identity.keyRing,
              version: identity.version + 1,
            },
            expectedVersion: identity.version,
          },
    unionConflictWith: unchanged ? null : conflictOf(identity, unionUser),
  }
}

/** Told when the unionid is learned, not again at each login. */
function conflictOf(identity: IdentityRecord, unionUser: UserRecord | null): UserId | null {
  return unionUser !== null && unionUser.id !== identity.userId ? unionUser.id : null
}

function joinOrCreate(
  unionUser: UserRecord | null,
  arrival: Arrival,
): { user: UserPlan; identity: IdentityPlan } {
  const userId = unionUser?.id ?? arrival.newUserId
  const identity: IdentityPlan = {
    kind: 'create',
    record: {
      ...arrival.key,
      userId,
      unionid: arrival.unionid,
      unionScope: arrival.unionScope,
      keyRing: arrival.newKeyRing ?? [],
      createdAtMs: arrival.nowMs,
      version: 1,
    },
  }
  if (unionUser !== null) return { user: { kind: 'keep', id: userId }, identity }
  const record: UserRecord = {
    id: userId,
    nickname: storableNickname(arrival.nickname),
    avatarUrl: null,
    phone: null,
    createdAtMs: arrival.nowMs,
    bannedAtMs: null,
  }
  return { user: { kind: 'create', record }, identity }
}
