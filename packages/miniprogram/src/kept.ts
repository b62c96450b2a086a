import type { Core } from './core.ts'
import { quietly } from './quietly.ts'
import type { UserView } from './types.ts'

/** What lies in Storage, one record per server. Never an openid, never a session_key: no such thing comes here. */
export interface Kept {
  /** Grows with each write, so that a second copy of this code in the same app knows which is newer. */
  readonly rev: number
  /** Empty: none. */
  readonly token: string
  /** Renewed, and not used before all that carries the old one is back. */
  readonly next: string
  /** Why the user is out until `login()`; empty: not out. */
  readonly out: string
  readonly user: UserView | null
  /** Times by this phone's clock, which may be wrong: only compared with each other. */
  readonly renewAtMs: number
  readonly renewEveryMs: number
  readonly endsAtMs: number
}

/** Not Infinity, which Storage makes null of. */
const NEVER_MS = Number.MAX_SAFE_INTEGER

/** Of nobody. A token that the classic client left is of unknown age: due for renewal, but not overdue. */
export const NOTHING_KEPT: Kept = {
  rev: 0,
  token: '',
  next: '',
  out: '',
  user: null,
  renewAtMs: 0,
  renewEveryMs: NEVER_MS,
  endsAtMs: NEVER_MS,
}

/** The key under which the classic client keeps its login state. */
const CLASSIC_KEY = 'openid'
/** Much shorter than the 30 s for which a replaced token stays good. */
const READ_EVERY_MS = 10_000

export function isToken(value: unknown): value is string {
  return /^yp1_[\w-]{58}$/.test(String(value))
}

/** What is kept, as new as Storage has it: another copy of this code may have logged in, renewed or logged out. */
export function keptOf(core: Core, mustRead?: boolean): Kept {
  const { readAtMs } = core
  if (!mustRead && Math.abs(Date.now() - readAtMs) < READ_EVERY_MS) return core.kept
  core.readAtMs = Date.now()
  const stored = Object(read(core, keyOf(core)))
  const isWhole = [stored.token, stored.next].every((token) => token === '' || isToken(token))
  if (isWhole && stored.rev > core.kept.rev) core.kept = stored
  if (!readAtMs && !core.kept.rev) adoptClassic(core)
  return core.kept
}

/**
 * Changes what is kept, here and in Storage. A Storage that is full or broken is no reason to fail.
 * @returns whether Storage has it too
 */
export function keep(core: Core, change: Partial<Kept>): boolean {
  core.kept = Object.assign({}, core.kept, change, { rev: core.kept.rev + 1 })
  return write(core, keyOf(core), core.kept)
}

/** A token that the classic client left is moved, once. */
function adoptClassic(core: Core): void {
  const token = read(core, CLASSIC_KEY)
  if (!isToken(token)) return
  keep(core, { token })
  quietly(() => core.wx.removeStorageSync(CLASSIC_KEY))
}

export function read({ wx }: Core, key: string): unknown {
  return quietly(() => wx.getStorageSync(key))
}

/** What cannot be written, memory has for as long as the mini program lives; then a silent login brings it. */
export function write({ wx }: Core, key: string, value: unknown): boolean {
  return quietly(() => wx.setStorageSync(key, value)) !== null
}

/** By server, since develop, trial and release may share a Storage and not a server. */
function keyOf({ settings }: Core): string {
  return `yaopai:${settings.authUrl}`
}
