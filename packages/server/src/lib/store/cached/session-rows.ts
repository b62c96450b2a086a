import { HASH_BYTES, isHashOf } from '../../hash-text.ts'
import type { UserId } from '../../ids.ts'
import type { Platform, StoredSession } from '../../records.ts'
import { createTextBlocks, NO_TEXT, type TextBlocks } from './text-blocks.ts'

/*
 * One row, in bytes: 0 selector, 8 logged in at, 16 idle deadline, 24 absolute deadline, 32 user made at (each a
 * float64); 40 idle seconds, 44 renewals, 48 where its texts stand, 52 the next row of the user's (each a uint32);
 * 56 app (uint16), 58 was asked for (uint8), 59 letters of the openid (uint8); 60 hash of the token (32 bytes);
 * 92 user id without its `usr_` (16 bytes); 108 openid (28 bytes); 136 stamp (float64).
 */
const ROW_BYTES = 144
const FLOATS = ROW_BYTES / 8
const WORDS = ROW_BYTES / 4
const HALVES = ROW_BYTES / 2
const HASH = 60
const USER = 92
const USER_LETTERS = 16
const OPENID = 108
const OPENID_LETTERS = 28
/** In float64s. */
const STAMP = 17

const USER_ID = /^usr_[\x21-\x7e]{16}$/
const SHORT = /^[\x21-\x7e]{0,28}$/
/** Texts hold none: the stores refuse it. */
const BETWEEN = '\0'
const MAX_APPS = 65_535
const TEXT_BLOCKS_A_ROW = 12

interface App {
  readonly platform: Platform
  readonly appid: string
}

/** Living sessions in rows of bytes, numbered from 1: nothing of them is looked at by a garbage collection. */
export class SessionRows {
  readonly #floats: Float64Array
  readonly #words: Uint32Array
  readonly #halves: Uint16Array
  readonly #bytes: Buffer
  readonly #texts: TextBlocks
  readonly #apps: App[] = []
  #lastStamp = 0

  constructor(maxRows: number) {
    const memory = new ArrayBuffer((maxRows + 1) * ROW_BYTES)
    this.#floats = new Float64Array(memory)
    this.#words = new Uint32Array(memory)
    this.#halves = new Uint16Array(memory)
    this.#bytes = Buffer.from(memory)
    this.#texts = createTextBlocks(maxRows * TEXT_BLOCKS_A_ROW)
  }

  selectorOf(row: number): number {
    return this.#floats[row * FLOATS] ?? 0
  }

  /** Another one with each write; 0: nothing is there. */
  stampOf(row: number): number {
    return this.#floats[row * FLOATS + STAMP] ?? 0
  }

  appidOf(row: number): string {
    return this.#apps[this.#halves[row * HALVES + 28] ?? 0]?.appid ?? ''
  }

  idleSecondsOf(row: number): number {
    return this.#words[row * WORDS + 10] ?? 0
  }

  idleDeadlineMsOf(row: number): number {
    return this.#floats[row * FLOATS + 2] ?? 0
  }

  absoluteDeadlineMsOf(row: number): number {
    return this.#floats[row * FLOATS + 3] ?? 0
  }

  /** In constant time. @param hash as `hashText` gives it */
  isOfHash(row: number, hash: string): boolean {
    return isHashOf(hash, this.#bytes, row * ROW_BYTES + HASH)
  }

  nextOfUser(row: number): number {
    return this.#words[row * WORDS + 13] ?? 0
  }

  linkOfUser(row: number, next: number): void {
    this.#words[row * WORDS + 13] = next
  }

  /** Whether somebody had asked for it since the last time. */
  takeMark(row: number): boolean {
    const wasAskedFor = this.#bytes[row * ROW_BYTES + 58] === 1
    this.noteAsked(row, false)
    return wasAskedFor
  }

  noteAsked(row: number, isAsked: boolean): void {
    this.#bytes[row * ROW_BYTES + 58] = isAsked ? 1 : 0
  }

  isOfUser(row: number, userId: UserId): boolean {
    const at = row * ROW_BYTES + USER
    for (let place = 0; place < USER_LETTERS; place += 1) {
      if (this.#bytes[at + place] !== userId.charCodeAt(place + 4)) return false
    }
    return userId.length === USER_LETTERS + 4
  }

  userOf(row: number): UserId {
    const at = row * ROW_BYTES + USER
    return `usr_${this.#bytes.toString('latin1', at, at + USER_LETTERS)}`
  }

  /** False: it does not fit, and nothing was written. */
  write(row: number, session: StoredSession): boolean {
    const app = this.#appOf(session)
    const texts = this.#textsOf(session)
    if (app === null || texts === null) return false
    const float = row * FLOATS
    this.#floats[float] = session.selector
    this.#floats[float + 1] = session.createdAtMs
    this.#floats[float + 2] = session.idleDeadlineMs
    this.#floats[float + 3] = session.absoluteDeadlineMs
    this.#floats[float + 4] = session.user.createdAtMs
    this.#words[row * WORDS + 10] = session.idleSeconds
    this.#words[row * WORDS + 11] = session.renewals
    this.#words[row * WORDS + 12] = texts
    this.#halves[row * HALVES + 28] = app
    this.noteAsked(row, false)
    this.#lastStamp += 1
    this.#floats[float + STAMP] = this.#lastStamp
    this.#writeBytes(row * ROW_BYTES, session)
    return true
  }

  #writeBytes(at: number, { openid, tokenHash, userId }: StoredSession): void {
    this.#bytes[at + 59] = SHORT.test(openid) ? openid.length : 0
    this.#bytes.set(tokenHash, at + HASH)
    this.#bytes.write(userId.slice(4), at + USER, USER_LETTERS, 'latin1')
    this.#bytes.write(openid, at + OPENID, OPENID_LETTERS, 'latin1')
  }

  read(row: number): StoredSession {
    const float = row * FLOATS
    const byte = row * ROW_BYTES
    const app = this.#apps[this.#halves[row * HALVES + 28] ?? 0] ?? { platform: 'wechat', appid: '' }
    const userId = this.userOf(row)
    const [nickname, avatarUrl, phone, id, brand, model, platform, label, openid] = this.#textsIn(row)
    return {
      selector: this.#floats[float] ?? 0,
      tokenHash: this.#hashIn(byte),
      userId,
      platform: app.platform,
      appid: app.appid,
      openid:
        openid ??
        this.#bytes.toString('latin1', byte + OPENID, byte + OPENID + (this.#bytes[byte + 59] ?? 0)),
      device: { id, brand, model, platform, label },
      createdAtMs: this.#floats[float + 1] ?? 0,
      idleSeconds: this.#words[row * WORDS + 10] ?? 0,
      idleDeadlineMs: this.#floats[float + 2] ?? 0,
      absoluteDeadlineMs: this.#floats[float + 3] ?? 0,
      endedAtMs: null,
      endReason: null,
      user: {
        id: userId,
        nickname,
        avatarUrl,
        phone,
        createdAtMs: this.#floats[float + 4] ?? 0,
        bannedAtMs: null,
      },
      pending: null,
      renewals: this.#words[row * WORDS + 11] ?? 0,
    }
  }

  /** Nothing of it stays behind. */
  erase(row: number): void {
    this.#texts.free(this.#words[row * WORDS + 12] ?? NO_TEXT)
    this.#bytes.fill(0, row * ROW_BYTES, (row + 1) * ROW_BYTES)
  }

  /** @param rows the first ones; those behind them were never written */
  clear(rows: number): void {
    this.#bytes.fill(0, 0, (rows + 1) * ROW_BYTES)
    this.#texts.clear()
  }

  /** A copy: the row may be another session's tomorrow. */
  #hashIn(at: number): Uint8Array {
    return Uint8Array.from(this.#bytes.subarray(at + HASH, at + HASH + HASH_BYTES))
  }

  #appOf({ platform, appid }: StoredSession): number | null {
    const known = this.#apps.findIndex((app) => app.appid === appid && app.platform === platform)
    if (known !== -1) return known
    return this.#apps.length === MAX_APPS ? null : this.#apps.push({ platform, appid }) - 1
  }

  #textsOf({ user, device, openid }: StoredSession): number | null {
    const { nickname, avatarUrl, phone } = user
    const { id, brand, model, platform, label } = device
    const texts = [
      nickname,
      avatarUrl,
      phone,
      id,
      brand,
      model,
      platform,
      label,
      SHORT.test(openid) ? null : openid,
    ]
    if (texts.every((text) => text === null)) return NO_TEXT
    if (texts.some((text) => text?.includes(BETWEEN))) return null
    const line = texts.map((text) => (text === null ? '' : `=${text}`)).join(BETWEEN)
    return this.#texts.add(line.replace(TAIL, ''))
  }

  #textsIn(row: number): Texts {
    const first = this.#words[row * WORDS + 12] ?? NO_TEXT
    if (first === NO_TEXT) return NO_TEXTS
    const texts = this.#texts.read(first).split(BETWEEN)
    return NO_TEXTS.map((_, place) =>
      texts[place] ? (texts[place] ?? '').slice(1) : null,
    ) as unknown as Texts
  }
}

const TAIL = /\0+$/
type Text = string | null
type Texts = readonly [Text, Text, Text, Text, Text, Text, Text, Text, Text]
const NO_TEXTS: Texts = [null, null, null, null, null, null, null, null, null]

/** Whether rows have a place for it: it lives, and no renewal of it waits. All others are rare, and read each time. */
export function fitsRow({ endedAtMs, user, userId, pending, tokenHash }: StoredSession): boolean {
  return (
    endedAtMs === null &&
    user.bannedAtMs === null &&
    pending === null &&
    user.id === userId &&
    tokenHash.length === HASH_BYTES &&
    USER_ID.test(userId)
  )
}
