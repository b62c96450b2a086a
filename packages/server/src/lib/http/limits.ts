import { isIPv6 } from 'node:net'
import { LRUCache } from 'lru-cache'
import type { MakeLimit } from '../tier/limit.ts'

const MINUTE_SECONDS = 60
/**
 * Misses of unknown tokens from one address, at the least; a phone has one token, a carrier's address has many phones.
 * Each miss is followed by a silent login, so an address that may log in more often may also miss more often.
 */
const MIN_TOKEN_MISSES_A_MINUTE = 120
/** What one session may ask of the dearer routes. */
const A_MINUTE = { openData: 10, editProfile: 30, exportData: 6 } as const
/**
 * Codes a minute that WeChat does not know, from one address and for one app, at the least; then the address waits. An
 * honest client sends one now and then; a flood of made-up ones would use up the app's quota at WeChat.
 */
const MIN_CODE_MISSES_A_MINUTE = 60
const CODE_MISSES_OF_LOGINS = 1 / 10
/** Addresses that wait at one time. */
const MAX_WAITING = 50_000

export interface Limits {
  readonly login: (ip: string | null, appid: string) => Promise<number | null>
  /** The seconds that this address has to wait after too many codes that were none, else null. Counts nothing. */
  readonly codeHold: (ip: string | null, appid: string) => number | null
  /** Counts a code that was none. */
  readonly codeMiss: (ip: string | null, appid: string) => Promise<void>
  readonly tokenMiss: (ip: string | null) => Promise<number | null>
  readonly openData: SessionLimit
  readonly editProfile: SessionLimit
  readonly exportData: SessionLimit
}

type SessionLimit = (selector: number) => Promise<number | null>

/** @param makeLimit shared between nodes, or not */
export function createLimits(loginLimitPerIp: number, makeLimit: MakeLimit): Limits {
  const login = makeLimit('login', loginLimitPerIp, MINUTE_SECONDS)
  const missesAMinute = Math.max(MIN_TOKEN_MISSES_A_MINUTE, loginLimitPerIp)
  const tokenMiss = makeLimit('miss', missesAMinute, MINUTE_SECONDS)
  const perSession = sessionLimits(makeLimit)
  return {
    ...codeLimits(loginLimitPerIp, makeLimit),
    login: (ip, appid) => login(`${networkOf(ip)} ${appid}`),
    tokenMiss: (ip) => tokenMiss(networkOf(ip)),
    openData: perSession('data', A_MINUTE.openData),
    editProfile: perSession('edit', A_MINUTE.editProfile),
    exportData: perSession('export', A_MINUTE.exportData),
  }
}

function sessionLimits(makeLimit: MakeLimit): (name: string, points: number) => SessionLimit {
  return (name, points) => {
    const limit = makeLimit(name, points, MINUTE_SECONDS)
    return (selector) => limit(String(selector))
  }
}

function codeLimits(loginLimitPerIp: number, makeLimit: MakeLimit): Pick<Limits, 'codeHold' | 'codeMiss'> {
  const points = Math.max(MIN_CODE_MISSES_A_MINUTE, Math.ceil(loginLimitPerIp * CODE_MISSES_OF_LOGINS))
  const misses = makeLimit('code', points, MINUTE_SECONDS)
  const waiting = new LRUCache<string, true>({
    // Unlike `max` this takes no memory beforehand.
    maxSize: MAX_WAITING,
    sizeCalculation: () => 1,
    ttl: MINUTE_SECONDS * 1000,
  })
  return {
    codeHold: (ip, appid) => {
      const leftMs = waiting.getRemainingTTL(`${networkOf(ip)} ${appid}`)
      return leftMs <= 0 ? null : Math.ceil(leftMs / 1000)
    },
    codeMiss: async (ip, appid) => {
      const key = `${networkOf(ip)} ${appid}`
      const seconds = await misses(key)
      if (seconds !== null) waiting.set(key, true, { ttl: seconds * 1000 })
    },
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
