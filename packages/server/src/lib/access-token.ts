import { setTimeout as realPause } from 'node:timers/promises'
import type { AppConfig } from './config.ts'
import type { ErrorCode } from './errors.ts'
import type { Services } from './services.ts'
import type { TakeLease } from './tier/lease.ts'
import { type KnownToken, keepToken, readToken } from './token-note.ts'
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
  /** What this node knows, by app. */
  readonly known: Map<string, KnownToken>
  readonly running: Map<string, Promise<AccessTokenResult>>
}

/**
 * Hands WeChat's access token of an app to back ends: kept sealed in the store, asked for by one node at a time, and
 * anew before it ends. While one lives it is served, whatever WeChat says meanwhile.
 */
export function createAccessTokens(
  services: Services,
  takeLease: TakeLease,
  pause: Hub['pause'] = realPause,
): AccessTokens {
  const hub: Hub = { services, takeLease, pause, known: new Map(), running: new Map() }
  return async (app, refresh) => {
    const here = hub.known.get(app.appid)
    if (here !== undefined && isGoodEnough(hub, here, refresh)) return answerOf(hub, here)
    const name = `${app.appid} ${refresh}`
    const running = hub.running.get(name) ?? refreshed(hub, app, refresh)
    hub.running.set(name, running)
    try {
      return await running
    } finally {
      hub.running.delete(name)
    }
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
    const kept = await readToken(hub.services, app.appid)
    if (kept.token !== null && isGoodEnough(hub, kept.token, refresh)) return keep(hub, app, kept.token)
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

async function askWechat(hub: Hub, app: AppConfig, refresh: Refresh): Promise<AccessTokenResult> {
  const { services } = hub
  const { appid, secret } = app
  const kept = await readToken(services, appid)
  // Another node may have been done between the look and the lease.
  if (kept.token !== null && isGoodEnough(hub, kept.token, refresh)) return keep(hub, app, kept.token)
  const askedAtMs = services.clock.nowMs()
  const result = await stableToken({ appid, secret, isForced: refresh === 'force' }, services.wechat)
  if (!result.ok) {
    services.telemetry.count('access_tokens', { app: appid, outcome: outcomeOf(result.failure) })
    const { code, advice, retryAfterSeconds } = refusalOf(result.failure)
    if (advice !== null) services.telemetry.log('warn', code, { appid, advice, of: 'stable_token' })
    return makeDo(hub, app, { token: kept.token, refusal: { code, retryAfterSeconds }, askedAtMs })
  }
  services.telemetry.count('access_tokens', { app: appid, outcome: 'ok' })
  const { token, lifeSeconds } = result.value
  const fresh = { token, endsAtMs: askedAtMs + lifeSeconds * 1000, askedAtMs }
  await keepToken(services, appid, { note: kept.note, token: fresh })
  return keep(hub, app, fresh)
}

interface Trouble {
  readonly token: KnownToken | null
  readonly refusal: { readonly code: ErrorCode; readonly retryAfterSeconds: number | null }
  readonly askedAtMs: number
}

/** WeChat gives none: the old one while it lives, and WeChat is left alone for a while. */
function makeDo(hub: Hub, app: AppConfig, { token, refusal, askedAtMs }: Trouble): AccessTokenResult {
  if (token === null || token.endsAtMs <= askedAtMs) return { ok: false, ...refusal }
  return keep(hub, app, { ...token, askedAtMs })
}

function keep(hub: Hub, { appid }: AppConfig, token: KnownToken): AccessTokenResult {
  hub.known.set(appid, token)
  return answerOf(hub, token)
}

function answerOf({ services }: Hub, { token, endsAtMs }: KnownToken): AccessTokenResult {
  const leftMs = endsAtMs - services.clock.nowMs()
  return { ok: true, accessToken: token.reveal(), expiresInSeconds: Math.max(1, Math.floor(leftMs / 1000)) }
}
