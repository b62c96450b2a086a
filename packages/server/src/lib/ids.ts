import type { Clock } from './clock.ts'
import type { Random } from './random.ts'

export type UserId = `usr_${string}`
export type SessionId = `ses_${string}`
export type EventId = `evt_${string}`

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ID_LENGTH = 16

/** Digits 0–9A–Za–z, most significant first, zero-padded, so that text order is number order. */
export function base62(value: bigint, length: number): string {
  let rest = value
  let text = ''
  for (let place = 0; place < length; place += 1) {
    text = BASE62.charAt(Number(rest % 62n)) + text
    rest /= 62n
  }
  return text
}

/** 41 bits of milliseconds before 48 random ones: ids grow with time, so new rows stand side by side on disk. */
function timeOrdered(clock: Clock, random: Random): string {
  const milliseconds = BigInt(clock.nowMs())
  const noise = BigInt(random.bytes(6).readUIntBE(0, 6))
  return base62((milliseconds << 48n) | noise, ID_LENGTH)
}

export function newUserId(clock: Clock, random: Random): UserId {
  return `usr_${timeOrdered(clock, random)}`
}

export function newEventId(clock: Clock, random: Random): EventId {
  return `evt_${timeOrdered(clock, random)}`
}

const ID_BODY = '[0-9A-Za-z]{16}'
const USER_ID = new RegExp(`^usr_${ID_BODY}$`)
const EVENT_ID = new RegExp(`^evt_${ID_BODY}$`)

export function isUserId(text: string): text is UserId {
  return USER_ID.test(text)
}

export function isEventId(text: string): text is EventId {
  return EVENT_ID.test(text)
}
