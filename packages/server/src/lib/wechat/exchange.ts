import type { Clock } from '../clock.ts'
import type { AppConfig } from '../config.ts'
import type { LoginRefusal } from '../errors.ts'
import type { Telemetry } from '../telemetry.ts'
import { type Breaker, createBreaker } from './breaker.ts'
import { codeToSession, type WechatFailure, type WechatSession } from './code-to-session.ts'
import { outcomeOf, refusalOf } from './refusal.ts'
import type { WechatTransport } from './transport.ts'

/** Exchanges that may wait for WeChat at one time; more are turned away before they cost anything. */
const MAX_IN_FLIGHT = 1_024
const PROBE_PAUSE_SECONDS = 1
/** The same advice is not repeated to the operator within this time. */
const ADVICE_EVERY_MS = 10_000

export type ExchangeResult =
  | { readonly ok: true; readonly session: WechatSession }
  | {
      readonly ok: false
      readonly code: LoginRefusal
      readonly retryAfterSeconds: number | null
      readonly errcode: number | null
      readonly rid: string | null
    }

export type Exchange = (app: AppConfig, code: string) => Promise<ExchangeResult>

interface ExchangeDeps {
  readonly wechat: WechatTransport
  readonly clock: Clock
  readonly telemetry: Telemetry
}

/** Asks WeChat who a code belongs to, with what protects WeChat from us and us from WeChat around it. */
export function createExchange(deps: ExchangeDeps): Exchange {
  const breakers = new Map<string, Breaker>()
  const advise = createAdvisor(deps)
  let inFlight = 0

  return async (app, code) => {
    const breaker = breakers.get(app.appid) ?? createBreaker(deps.clock)
    breakers.set(app.appid, breaker)
    const holdSeconds = inFlight >= MAX_IN_FLIGHT ? 1 : breaker.holdSeconds()
    if (holdSeconds !== null) return turnedAway(holdSeconds)
    inFlight += 1
    try {
      const result = await codeToSession({ appid: app.appid, secret: app.secret, code }, deps.wechat)
      if (result.ok) return succeeded(app.appid, breaker, result.session)
      return refused(app.appid, breaker, result.failure)
    } finally {
      inFlight -= 1
    }
  }

  function succeeded(appid: string, breaker: Breaker, session: WechatSession): ExchangeResult {
    breaker.succeeded()
    deps.telemetry.count('wechat_exchanges', { app: appid, outcome: 'ok' })
    return { ok: true, session }
  }

  function refused(appid: string, breaker: Breaker, failure: WechatFailure): ExchangeResult {
    const { code, retryAfterSeconds, advice } = refusalOf(failure)
    const isTrouble = code === 'wechat_unavailable' || code === 'wechat_quota'
    if (isTrouble) breaker.failed(PROBE_PAUSE_SECONDS)
    else breaker.succeeded()
    const errcode = failure.kind === 'refused' ? failure.errcode : null
    const rid = failure.kind === 'refused' ? failure.rid : null
    deps.telemetry.count('wechat_exchanges', { app: appid, outcome: outcomeOf(failure) })
    if (advice !== null) advise({ appid, code, errcode, rid, advice })
    return { ok: false, code, retryAfterSeconds, errcode, rid }
  }
}

function turnedAway(holdSeconds: number): ExchangeResult {
  return { ok: false, code: 'wechat_unavailable', retryAfterSeconds: holdSeconds, errcode: null, rid: null }
}

interface Advice {
  readonly appid: string
  readonly code: LoginRefusal
  readonly errcode: number | null
  readonly rid: string | null
  readonly advice: string
}

/** One line with cause and cure for the operator, not one for each of a thousand refused logins. */
function createAdvisor(deps: ExchangeDeps): (advice: Advice) => void {
  const toldAtMs = new Map<string, number>()
  return (advice) => {
    // Advice is one of a fixed list, errcodes are WeChat's: keyed by those the map could grow without end.
    const key = `${advice.appid} ${advice.advice}`
    const nowMs = deps.clock.nowMs()
    if (Math.abs(nowMs - (toldAtMs.get(key) ?? Number.NEGATIVE_INFINITY)) < ADVICE_EVERY_MS) return
    toldAtMs.set(key, nowMs)
    deps.telemetry.log(advice.code === 'wechat_misconfigured' ? 'error' : 'warn', advice.code, { ...advice })
  }
}
