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
/** Counted for each user: it says nothing of how WeChat is for others (频率限制，每个用户每分钟100次). */
const USER_QUOTA = 45011
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

/** Counts an exchange for this app; the seconds to wait when those were too many, else null. */
export type ExchangeBudget = (appid: string) => Promise<number | null>

export type Exchange = (app: AppConfig, code: string) => Promise<ExchangeResult>

interface ExchangeDeps {
  readonly wechat: WechatTransport
  readonly clock: Clock
  readonly telemetry: Telemetry
}

interface Line {
  readonly breaker: Breaker
  /** What opened the breaker, and is told to those whom it turns away. */
  trouble: { readonly code: LoginRefusal; readonly retryAfterSeconds: number | null }
}

/** Asks WeChat who a code belongs to, with what protects WeChat from us and us from WeChat around it. */
export function createExchange(deps: ExchangeDeps, budget: ExchangeBudget = noBound): Exchange {
  const lines = new Map<string, Line>()
  const advise = createAdvisor(deps)
  const overBudget = createBudgetCheck(deps, budget, advise)
  let inFlight = 0

  return async (app, code) => {
    const line = lines.get(app.appid) ?? { breaker: createBreaker(deps.clock), trouble: UNAVAILABLE }
    lines.set(app.appid, line)
    if (inFlight >= MAX_IN_FLIGHT) return turnedAway(UNAVAILABLE, PROBE_PAUSE_SECONDS)
    const holdSeconds = line.breaker.holdSeconds()
    if (holdSeconds !== null) return turnedAway(line.trouble, holdSeconds)
    inFlight += 1
    try {
      const over = await overBudget(app.appid)
      if (over !== null) return over
      const result = await codeToSession({ appid: app.appid, secret: app.secret, code }, deps.wechat)
      if (result.ok) return succeeded(app.appid, line, result.session)
      return refused(app.appid, line, result.failure)
    } finally {
      inFlight -= 1
    }
  }

  function succeeded(appid: string, line: Line, session: WechatSession): ExchangeResult {
    line.breaker.succeeded()
    deps.telemetry.count('wechat_exchanges', { app: appid, outcome: 'ok' })
    return { ok: true, session }
  }

  function refused(appid: string, line: Line, failure: WechatFailure): ExchangeResult {
    const { code, retryAfterSeconds, advice } = refusalOf(failure)
    const errcode = failure.kind === 'refused' ? failure.errcode : null
    const rid = failure.kind === 'refused' ? failure.rid : null
    if (errcode !== USER_QUOTA) tellBreaker(line, { code, retryAfterSeconds })
    deps.telemetry.count('wechat_exchanges', { app: appid, outcome: outcomeOf(failure) })
    if (advice !== null) advise({ appid, code, errcode, rid, advice })
    return { ok: false, code, retryAfterSeconds, errcode, rid }
  }
}

const noBound: ExchangeBudget = async () => null
const OVER_BUDGET =
  'More codes came than EXCHANGE_LIMIT_PER_APP lets through to WeChat in a minute: raise it if these are your users'

function createBudgetCheck(
  { telemetry }: ExchangeDeps,
  budget: ExchangeBudget,
  advise: (advice: Advice) => void,
): (appid: string) => Promise<ExchangeResult | null> {
  return async (appid) => {
    const waitSeconds = await budget(appid)
    if (waitSeconds === null) return null
    telemetry.count('wechat_exchanges', { app: appid, outcome: 'over_budget' })
    advise({ appid, code: 'wechat_quota', errcode: null, rid: null, advice: OVER_BUDGET })
    return turnedAway({ code: 'wechat_quota', retryAfterSeconds: waitSeconds }, waitSeconds)
  }
}

const UNAVAILABLE: Line['trouble'] = { code: 'wechat_unavailable', retryAfterSeconds: null }

function tellBreaker(line: Line, refusal: Line['trouble']): void {
  const isTrouble = refusal.code === 'wechat_unavailable' || refusal.code === 'wechat_quota'
  if (!isTrouble) {
    line.breaker.succeeded()
    return
  }
  line.breaker.failed(PROBE_PAUSE_SECONDS)
  line.trouble = refusal
}

/** Out of quota for the day, it is no use to come again with each probe. */
function turnedAway({ code, retryAfterSeconds }: Line['trouble'], holdSeconds: number): ExchangeResult {
  const waitSeconds = code === 'wechat_quota' ? (retryAfterSeconds ?? holdSeconds) : holdSeconds
  return { ok: false, code, retryAfterSeconds: waitSeconds, errcode: null, rid: null }
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
