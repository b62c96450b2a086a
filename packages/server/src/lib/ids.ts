import type { Clock } from './clock.ts'
import type { Random } from './random.ts'

export type UserId = `usr_${string}`
export type SessionId = `ses_${string}`
export type EventId = `evt_${string}`

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ID_LENGTH = 16

/** Digits 0–9A–Za–z, most significant first, zero-padded, so that text order is number order. */
export function base62(value: bigint, length: number): string {
  if (length <= EXACT_DIGITS) return digits(Number(value % EIGHT_DIGITS), length)
  return (
    base62(value / EIGHT_DIGITS, length - EXACT_DIGITS) + digits(Number(value % EIGHT_DIGITS), EXACT_DIGITS)
  )
}

/** So many are exact as a number, whose arithmetic costs a small part of a bigint's. */
const EXACT_DIGITS = 8
const EIGHT_DIGITS = 62n ** 8n

function digits(value: number, length: number): string {
  let rest = value
  let text = ''
  for (let place = 0; place < length; place += 1) {
    text = BASE62.charAt(rest % 62) + text
    rest = Math.floor(rest / 62)
  }
  return text
}

/** What a text of such digits stands for; NaN where there are others. Exact up to eight digits. */
export function numberOfBase62(text: string): number {
  let value = 0
  for (let place = 0; place < text.length; place += 1) {
    value = value * 62 + digitOf(text.charCodeAt(place))
  }
  return value
}

/** By arithmetic: 0–9, then A–Z, then a–z. */
function digitOf(letter: number): number {
  if (letter >= 48 && letter <= 57) return letter - 48
  if (letter >= 65 && letter <= 90) return letter - 55
  return letter >= 97 && letter <= 122 ? letter - 61 : Number.NaN
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

const EVENTS_A_MILLISECOND = 4096n
let lastEvent = { atMs: 0, number: 0n }

/**
 * Like the others, but those of one millisecond are numbered before the randomness begins: the events of one login
 * stand in the history in the order in which they happened.
 */
export function newEventId(clock: Clock, random: Random): EventId {
  const atMs = clock.nowMs()
  const number = atMs === lastEvent.atMs ? (lastEvent.number + 1n) % EVENTS_A_MILLISECOND : 0n
  lastEvent = { atMs, number }
  const noise = BigInt(random.bytes(5).readUIntBE(0, 5)) & 0xf_ffff_ffffn
  return `evt_${base62((BigInt(atMs) << 48n) | (number << 36n) | noise, ID_LENGTH)}`
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
