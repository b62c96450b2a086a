import { DEFAULT_SETTINGS, type Settings } from './settings.ts'

/** A mini program as WeChat knows it. */
export interface App {
  secret: string
  /** Name of the open platform (开放平台) account it is bound to; only then do logins carry a unionid. */
  openPlatform?: string | undefined
  /** Addresses that may call for this app. Empty or absent: any. */
  ipAllowList?: string[] | undefined
  frozen?: boolean | undefined
}

/** A person with a WeChat account. */
export interface User {
  nickname?: string | undefined
  /** Without country code. Absent: one that is derived from the user's id. */
  phone?: string | undefined
  avatarUrl?: string | undefined
  /** true: WeChat holds the account for high-risk and blocks its logins (40226). */
  risk?: boolean | undefined
}

export interface LoginCode {
  code: string
  appid: string
  user: string
  createdAtMs: number
  usedAtMs?: number | undefined
  /** The key that lived when the code was made. */
  sessionKey: string
}

export interface SessionKey {
  sessionKey: string
  createdAtMs: number
  renewedAtMs: number
}

/** What lets a server call WeChat for an app. */
export interface AccessToken {
  token: string
  appid: string
  /** Of `/cgi-bin/token` or of `/cgi-bin/stable_token`: the two know nothing of each other. */
  family: 'plain' | 'stable'
  createdAtMs: number
  expiresAtMs: number
  /** There is a newer one; from then on this one is refused as not the latest. */
  replacedAtMs?: number | undefined
}

/** What the phone button hands to a page. */
export interface PhoneCode {
  code: string
  appid: string
  user: string
  createdAtMs: number
  usedAtMs?: number | undefined
}

/** How often something happened in one window (a minute, a day) of the virtual clock. */
export interface Quota {
  window: number
  count: number
}

/** Everything that WeChat would remember. Plain data, so that it can be saved and put back. */
export interface World {
  idSeed: string
  settings: Settings
  clockOffsetMs: number
  apps: Map<string, App>
  users: Map<string, User>
  /** By code; oldest first. */
  codes: Map<string, LoginCode>
  /** By pair of app and user. */
  sessionKeys: Map<string, SessionKey>
  /** The key of the last code that a device fetched, by triple of app, user and device. */
  lastKeyOfDevice: Map<string, string>
  /** By token; oldest first. */
  accessTokens: Map<string, AccessToken>
  /** By code; oldest first. */
  phoneCodes: Map<string, PhoneCode>
  /** When an app last got a new stable token by `force_refresh`. */
  forcedRefreshAtMs: Map<string, number>
  minuteQuotas: Map<string, Quota>
  dailyQuotas: Map<string, Quota>
}

export const DEFAULT_ID_SEED = 'wechat-emulator'

export function emptyWorld(idSeed: string = DEFAULT_ID_SEED): World {
  return {
    idSeed,
    settings: { ...DEFAULT_SETTINGS },
    clockOffsetMs: 0,
    apps: new Map(),
    users: new Map(),
    codes: new Map(),
    sessionKeys: new Map(),
    lastKeyOfDevice: new Map(),
    accessTokens: new Map(),
    phoneCodes: new Map(),
    forcedRefreshAtMs: new Map(),
    minuteQuotas: new Map(),
    dailyQuotas: new Map(),
  }
}

/** One key for several names. Names hold no control characters (the schemas see to it), so this cannot collide. */
export function joinKey(...names: string[]): string {
  return names.join('\n')
}
