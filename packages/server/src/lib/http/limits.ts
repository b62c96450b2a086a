import { isIPv6 } from 'node:net'
import { LRUCache } from 'lru-cache'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

const MINUTE_SECONDS = 60
/**
 * Misses of unknown tokens from one address, at the least; a phone has one token, a carrier's address has many phones.
 * Each miss is followed by a silent login, so an address that may log in more often may also miss more often.
 */
const MIN_TOKEN_MISSES_A_MINUTE = 120
/** What one session may ask of the dearer routes. */
const A_MINUTE = { openData: 10, editProfile: 30, exportData: 6 } as const
/** Addresses counted at one time: the memory that limits may take is bounded too. */
const MAX_KEYS = 50_000

/** Counts one more; the seconds to wait when that was too many, else null. */
type Limit = (key: string) => Promise<number | null>

export interface Limits {
  readonly login: (ip: string | null, appid: string) => Promise<number | null>
  readonly tokenMiss: (ip: string | null) => Promise<number | null>
  readonly openData: SessionLimit
  readonly editProfile: SessionLimit
  readonly exportData: SessionLimit
}

type SessionLimit = (selector: number) => Promise<number | null>

export function createLimits(loginLimitPerIp: number): Limits {
  const login = createLimit(loginLimitPerIp, MINUTE_SECONDS)
  const tokenMiss = createLimit(Math.max(MIN_TOKEN_MISSES_A_MINUTE, loginLimitPerIp), MINUTE_SECONDS)
  return {
    login: (ip, appid) => login(`${networkOf(ip)} ${appid}`),
    tokenMiss: (ip) => tokenMiss(networkOf(ip)),
    openData: perSession(A_MINUTE.openData),
    editProfile: perSession(A_MINUTE.editProfile),
    exportData: perSession(A_MINUTE.exportData),
  }
}

function perSession(points: number): SessionLimit {
  const limit = createLimit(points, MINUTE_SECONDS)
  return (selector) => limit(String(selector))
}

/** @param maxKeys beyond these the ones longest unseen start anew */
export function createLimit(points: number, durationSeconds: number, maxKeys = MAX_KEYS): Limit {
  const limiter = new RateLimiterMemory({ points, duration: durationSeconds })
  const known = new LRUCache<string, true>({
    // Unlike `max` this takes no memory beforehand.
    maxSize: maxKeys,
    sizeCalculation: () => 1,
    dispose: (_value, key, reason) => {
      if (reason === 'evict') void limiter.delete(key)
    },
  })
  return async (key) => {
    known.set(key, true)
    try {
      await limiter.consume(key)
      return null
    } catch (rejection) {
      if (!(rejection instanceof RateLimiterRes)) throw rejection
      return Math.max(1, Math.ceil(rejection.msBeforeNext / 1000))
    }
  }
}

/** Who has one IPv6 address has the other 2^64 of its network too. Unknown addresses share one count. */
export function networkOf(ip: string | null): string {
  if (ip === null) return 'unknown'
  if (!isIPv6(ip)) return ip
  const [head = '', tail] = ip.toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right]
  const prefix = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${prefix.join(':')}::/64`
}
