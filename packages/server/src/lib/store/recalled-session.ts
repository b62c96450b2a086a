import { isHashOf } from '../hash-text.ts'
import type { UserId } from '../ids.ts'
import type { StoredSession } from '../records.ts'

/**
 * A living session at hand, of a user who is not banned: what every request asks for, and no more of it made than is
 * asked for.
 */
export interface RecalledSession {
  readonly selector: number
  readonly userId: UserId
  readonly appid: string
  readonly idleSeconds: number
  readonly idleDeadlineMs: number
  readonly absoluteDeadlineMs: number
  /** In constant time: whether its token has this hash. @param hash of a token, see `hashText` */
  isOfHash(hash: string): boolean
  /** All of it. To be asked at once, before anything is waited for: later it may have become another one. */
  whole(): StoredSession
}

/** Null: it has ended, or its user is banned. */
export function recalledOf(session: StoredSession): RecalledSession | null {
  if (session.endedAtMs !== null || session.user.bannedAtMs !== null) return null
  const { selector, userId, appid, idleSeconds, idleDeadlineMs, absoluteDeadlineMs } = session
  return {
    selector,
    userId,
    appid,
    idleSeconds,
    idleDeadlineMs,
    absoluteDeadlineMs,
    isOfHash: (hash) => isHashOf(hash, session.tokenHash, 0),
    whole: () => session,
  }
}
