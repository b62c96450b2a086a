import type { Core } from './core.ts'
import { isWithin, merged, now, tell } from './tell.ts'
import type { UserView } from './types.ts'

/** What lies in Storage, one record per server. Never an openid, never a session_key: no such thing comes here. */
export interface Kept {
  /**
   * Grows with each write, so that a second copy of this code in the same app knows which is newer; and beyond what
   * was written before a start at which Storage could not be read.
   */
  readonly rev: number
  /** Empty: none. */
  readonly current: string
  /** Renewed, and not used before all that carries the old one is back. */
  readonly next: string
  /** Why the user is out until `login()`; empty: not out. */
  readonly out: string
  /** Names this installation; empty before the first login. */
  readonly installId: string
  readonly user: UserView | null
  /** Times by this phone's clock, which may be wrong: only compared with each other. */
  readonly renewAtMs: number
  readonly renewEveryMs: number
  readonly endsAtMs: number
}

/** Not Infinity, which Storage makes null of. */
const NEVER_MS = 9e15

/** Of nobody. A token that the classic client left is of unknown age: due for renewal, but not overdue. */
export const NOTHING_KEPT: Kept = {
  rev: 0,
  current: '',
  next: '',
  out: '',
  installId: '',
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
  return /^yp1_[\w-]{58}$/.test(value as string)
}

/** What is kept, as new as Storage has it: another copy of this code may have logged in, renewed or logged out. */
export function keptOf(core: Core, mustRead?: boolean): Kept {
  if (!mustRead && isWithin(core.readAtMs, READ_EVERY_MS)) return core.kept
  core.readAtMs = now()
  const stored = Object(tell(core.wx, 'getStorageSync', keyOf(core)))
  const isWhole = [stored.current, stored.next].every((token) => token === '' || isToken(token))
  if (isWhole && stored.rev > core.kept.rev) core.kept = stored
  // A token that the classic client left is moved, once.
  const classic = !core.kept.rev && tell(core.wx, 'getStorageSync', CLASSIC_KEY)
  if (isToken(classic)) {
    keep(core, { current: classic })
    tell(core.wx, 'removeStorageSync', CLASSIC_KEY)
  }
  return core.kept
}

/**
 * Changes what is kept, here and in Storage. A Storage that is full or broken is no reason to fail: memory has it for
 * as long as the mini program lives; then a silent login brings it.
 * @returns whether Storage has it too
 */
export function keep(core: Core, change: Partial<Kept>): boolean {
  core.kept = merged(merged(core.kept, change), { rev: Math.max(core.kept.rev + 1, now()) })
  return tell(core.wx, 'setStorageSync', keyOf(core), core.kept) !== null
}

/** By server, since develop, trial and release may share a Storage and not a server. */
function keyOf({ settings }: Core): string {
  return `yaopai:${settings.server}`
}
