import { setTimeout as realPause } from 'node:timers/promises'
import type { AppConfig } from './config.ts'
import type { ErrorCode } from './errors.ts'
import type { Services } from './services.ts'
import type { TakeLease } from './tier/lease.ts'
import { type Kept, type Known, type KnownToken, keepToken, readToken } from './token-note.ts'
import { outcomeOf, refusalOf } from './wechat/refusal.ts'
import { stableToken } from './wechat/stable-token.ts'

/** WeChat makes the next token this long before the end of one, and both are good until then. */
const REFRESH_BEFORE_MS = 300_000
/** Not more often, whatever is wanted: WeChat takes a forced refresh every 30 s at most. */
const ASK_AGAIN_MS = 30_000
/** Longer than WeChat is waited for, so that whoever has the lease is done by then. */
const LEASE_MS = 5_000
const PAUSE_MS = 50

/** `force`: the old one was leaked and must die. `ask`: it was refused somewhere; WeChat is asked whether there is another. */
export type Refresh = 'none' | 'ask' | 'force'

export type AccessTokenResult =
  | { readonly ok: true; readonly accessToken: string; readonly expiresInSeconds: number }
  | { readonly ok: false; readonly code: ErrorCode; readonly retryAfterSeconds: number | null }

export type AccessTokens = (app: AppConfig, refresh: Refresh) => Promise<AccessTokenResult>

interface Hub {
  readonly services: Services
  readonly takeLease: TakeLease
  readonly pause: (milliseconds: number) => Promise<unknown>
  /** What this node handed out last, by app. */
  readonly known: Map<string, Known>
  readonly running: Map<string, Promise<AccessTokenResult>>
}

/**
 * Hands WeChat's access token of an app to back ends: kept sealed in the store, asked for by one node at a time, and
 * anew before it ends. While one lives it is served, whatever WeChat says meanwhile. Each time the store is looked at,
 * since another node may have replaced a leaked one by force, and WeChat then takes the old one no more.
 */
export function createAccessTokens(
  services: Services,
  takeLease: TakeLease,
  pause: Hub['pause'] = realPause,
): AccessTokens {
  const hub: Hub = { services, takeLease, pause, known: new Map(), running: new Map() }
  return (app, refresh) => {
    const name = `${app.appid} ${refresh}`
    const before = hub.running.get(name)
    if (before !== undefined) return before
    const running = refreshed(hub, app, refresh).finally(() => hub.running.delete(name))
    hub.running.set(name, running)
    return running
  }
}

/** One that is to be replaced is asked for once in half a minute. */
function isGoodEnough({ services }: Hub, token: KnownToken, refresh: Refresh): boolean {
  const nowMs = services.clock.nowMs()
  const leftMs = token.endsAtMs - nowMs
  if (leftMs <= 0) return false
  const isFresh = nowMs >= token.askedAtMs && nowMs - token.askedAtMs < ASK_AGAIN_MS
  return isFresh || (refresh === 'none' && leftMs > REFRESH_BEFORE_MS)
}

/** Reads what other nodes have left; asks WeChat if that will not do and nobody else is about to. */
async function refreshed(hub: Hub, app: AppConfig, refresh: Refresh): Promise<AccessTokenResult> {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    const kept = await look(hub, app, refresh)
    if (kept.token !== null && isGoodEnough(hub, kept.token, refresh)) return answerOf(hub, kept.token)
    const lease = await hub.takeLease(`token ${app.appid}`, LEASE_MS)
    // Who holds the lease for longer than it lasts holds nothing: WeChat bears being asked twice.
    if (lease === null && waitedMs < LEASE_MS) {
      await hub.pause(PAUSE_MS)
      continue
    }
    try {
      return await askWechat(hub, app, refresh)
    } finally {
      await lease?.release()
    }
  }
}

/** What the store has. While the store is away what this node knows is better than nothing: it can let nobody in here. */
async function look(hub: Hub, { appid }: AppConfig, refresh: Refresh): Promise<Kept> {
  const known = hub.known.get(appid)
  try {
    const kept = await readToken(hub.services, appid, known)
    if (kept.token !== null) hub.known.set(appid, { note: kept.note, token: kept.token })
    return kept
  } catch (error) {
    if (known === undefined || !isGoodEnough(hub, known.token, refresh)) throw error
    return known
  }
}

async function askWechat(hub: Hub, app: AppConfig, refresh: Refresh): Promise<AccessTokenResult> {
  const { services } = hub
  const { appid, secret } = app
  const kept = await look(hub, app, refresh)
  // Another node may have been done between the look and the lease.
  if (kept.token !== null && isGoodEnough(hub, kept.token, refresh)) return answerOf(hub, kept.token)
  const askedAtMs = services.clock.nowMs()
  const result = await stableToken({ appid, secret, isForced: refresh === 'force' }, services.wechat)
  if (!result.ok) {
    services.telemetry.count('access_tokens', { app: appid, outcome: outcomeOf(result.failure) })
    const { code, advice, retryAfterSeconds } = refusalOf(result.failure)
    if (advice !== null) services.telemetry.log('warn', code, { appid, advice, of: 'stable_token' })
    return makeDo(hub, app, { kept, refusal: { code, retryAfterSeconds }, askedAtMs })
  }
  services.telemetry.count('access_tokens', { app: appid, outcome: 'ok' })
  const { token, lifeSeconds } = result.value
  const fresh = { token, endsAtMs: askedAtMs + lifeSeconds * 1000, askedAtMs }
  const isForced = refresh === 'force'
  const standing = await keepToken(services, appid, { note: kept.note, token: fresh, isForced })
  return keep(hub, app, standing)
}

interface Trouble {
  readonly kept: Kept
  readonly refusal: { readonly code: ErrorCode; readonly retryAfterSeconds: number | null }
  readonly askedAtMs: number
}

/** WeChat gives none: the old one while it lives, and WeChat is left alone for a while. */
function makeDo(hub: Hub, app: AppConfig, { kept, refusal, askedAtMs }: Trouble): AccessTokenResult {
  const { note, token } = kept
  if (token === null || token.endsAtMs <= askedAtMs) return { ok: false, ...refusal }
  return keep(hub, app, { note, token: { ...token, askedAtMs } })
}

function keep(hub: Hub, { appid }: AppConfig, known: Known): AccessTokenResult {
  hub.known.set(appid, known)
  return answerOf(hub, known.token)
}

function answerOf({ services }: Hub, { token, endsAtMs }: KnownToken): AccessTokenResult {
  const leftMs = endsAtMs - services.clock.nowMs()
  return { ok: true, accessToken: token.reveal(), expiresInSeconds: Math.max(1, Math.floor(leftMs / 1000)) }
}
