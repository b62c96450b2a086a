import type { Kept } from './kept.ts'
import type { Settings } from './settings.ts'
import type { UserView, WxLike } from './types.ts'
import type { YaopaiError } from './yaopai-error.ts'

/** What all calls of one mini program on one server share. Changed in place, in one go between two waits. */
export interface Core {
  readonly wx: WxLike
  readonly settings: Settings
  /** What Storage holds too. */
  kept: Kept
  /** When Storage was last read. */
  readAtMs?: number
  /** The one login under way. */
  entry?: Promise<UserView> | null
  /** When `wx.login` was called, the latest first, since the app itself last asked for a login. */
  loginsAtMs: readonly number[]
  /** Why silent logins rest, and since when. */
  failure?: YaopaiError | undefined
  failedAtMs?: number
  /** The one renewal under way, and when it began, or the last one did; the next one waits a while. */
  renewal?: Promise<void> | null
  renewalAtMs?: number
  /** Requests under way that carry the token. */
  busy: number
  /** Whether session_key is known to be good since the mini program was started. */
  keyChecked?: boolean
  /** Settles when WeChat's data that are under way have been used: logins wait for it. */
  hold?: Promise<void> | null
  readonly listeners: Set<(event: { readonly code: string }) => void>
}
