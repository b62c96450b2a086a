import { z } from 'zod'

/**
 * Rules that WeChat leaves open, or that people need both ways in a test. Each one that no public source confirms is
 * marked in the README. Durations are seconds of the virtual clock.
 */
export interface Settings {
  /** `wx.login` mints a new session_key only when the living one is at least this old. 0: at every login. */
  sessionKeyMinRefreshSeconds: number
  /** Life of a session_key. */
  sessionKeyLifetimeSeconds: number
  /** true: each login, exchange, check and open-data call starts that life anew. */
  sessionKeySliding: boolean
  /** Which key an exchange hands out: the living one, or the one that lived when the code was made. */
  codeYieldsSessionKey: 'current' | 'ofLogin'
  /** true: a code that was refused (wrong appid, wrong secret …) is spent. */
  failedExchangeConsumesCode: boolean
  /** How long a spent code answers 40163. After that it is unknown: 40029. */
  usedCodeMemorySeconds: number
  /** Who DevTools' literal code `the code is a mock one` is. null: an invalid code like any other. */
  mockCodeUser: string | null
  /** Exchanges per user, app and minute before 45011. 0: no limit. */
  minuteQuotaPerUser: number
  /** Exchanges per app and day before 45009. 0: no limit. */
  dailyQuotaPerApp: number
  /** true: an app's `ipAllowList` also guards jscode2session (40164). */
  ipAllowListGuardsLogin: boolean
  /** Life of an access_token. */
  accessTokenLifetimeSeconds: number
  /**
   * How long the old access_token works beside the new one; so long before its end a stable one is replaced. For a life
   * shorter than twice that: half the life.
   */
  accessTokenOverlapSeconds: number
  /** Calls of `/cgi-bin/token` per app and day before 45009. 0: no limit. */
  tokenDailyQuota: number
  /** Calls of `/cgi-bin/stable_token` per app and minute before 45011. 0: no limit. */
  stableTokenMinuteQuota: number
  /** The same per day before 45009. 0: no limit. */
  stableTokenDailyQuota: number
  /** `force_refresh` per app and day before 45009. 0: no limit. */
  forcedRefreshDailyQuota: number
  /** A `force_refresh` sooner than that after another refreshes nothing: it answers as without. */
  forcedRefreshMinSeconds: number
  /** true: `countryCode` of getuserphonenumber is the text "86", as seen; false: the number 86 of the official sample. */
  countryCodeIsText: boolean
  /** What an exchange for a frozen app answers. */
  frozenAppErrcode: 50002 | 50007 | 40243
  /** true: a rid also where the catalogue's text has none (-1, 40226, 45011, 50002 …). */
  ridOnEveryError: boolean
  /** true: `/` leaves as `\/` in JSON, which some encoders write and which is the same JSON. */
  escapeSlashes: boolean
  /** true: open data says 微信用户 for everyone, as the current WeChat does. */
  anonymousProfile: boolean
}

export const DEFAULT_SETTINGS: Readonly<Settings> = Object.freeze({
  sessionKeyMinRefreshSeconds: 300,
  sessionKeyLifetimeSeconds: 259_200,
  sessionKeySliding: false,
  codeYieldsSessionKey: 'current',
  failedExchangeConsumesCode: false,
  usedCodeMemorySeconds: 3600,
  mockCodeUser: null,
  minuteQuotaPerUser: 100,
  dailyQuotaPerApp: 0,
  ipAllowListGuardsLogin: true,
  accessTokenLifetimeSeconds: 7200,
  accessTokenOverlapSeconds: 300,
  tokenDailyQuota: 2000,
  stableTokenMinuteQuota: 10_000,
  stableTokenDailyQuota: 500_000,
  forcedRefreshDailyQuota: 20,
  forcedRefreshMinSeconds: 30,
  countryCodeIsText: true,
  frozenAppErrcode: 50002,
  ridOnEveryError: false,
  escapeSlashes: false,
  anonymousProfile: false,
})

const TEN_YEARS_SECONDS = 315_360_000
const seconds = z.number().min(0).max(TEN_YEARS_SECONDS)
const count = z.int().min(0).max(1_000_000_000)

/** A change of settings: any of them, nothing else. */
export const settingsPatchSchema = z
  .strictObject({
    sessionKeyMinRefreshSeconds: seconds,
    sessionKeyLifetimeSeconds: seconds.min(1),
    sessionKeySliding: z.boolean(),
    codeYieldsSessionKey: z.enum(['current', 'ofLogin']),
    failedExchangeConsumesCode: z.boolean(),
    usedCodeMemorySeconds: seconds,
    mockCodeUser: z.string().min(1).max(128).nullable(),
    minuteQuotaPerUser: count,
    dailyQuotaPerApp: count,
    ipAllowListGuardsLogin: z.boolean(),
    accessTokenLifetimeSeconds: seconds.min(1),
    accessTokenOverlapSeconds: seconds,
    tokenDailyQuota: count,
    stableTokenMinuteQuota: count,
    stableTokenDailyQuota: count,
    forcedRefreshDailyQuota: count,
    forcedRefreshMinSeconds: seconds,
    countryCodeIsText: z.boolean(),
    frozenAppErrcode: z.union([z.literal(50002), z.literal(50007), z.literal(40243)]),
    ridOnEveryError: z.boolean(),
    escapeSlashes: z.boolean(),
    anonymousProfile: z.boolean(),
  })
  .partial()

export type SettingsPatch = { [K in keyof Settings]?: Settings[K] | undefined }

export function withSettings(settings: Readonly<Settings>, patch: SettingsPatch): Settings {
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
  return { ...settings, ...given }
}
