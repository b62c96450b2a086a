import type { LoginRefusal } from '../errors.ts'
import type { WechatFailure } from './code-to-session.ts'

interface Refusal {
  readonly code: LoginRefusal
  readonly retryAfterSeconds: number | null
  /** For the operator's log: what it is and the cure. Null where nobody has to act. */
  readonly advice: string | null
}

const QUOTA_WINDOW_SECONDS = 60
const DAILY_QUOTA_SECONDS = 3_600
const BRIEFLY_SECONDS = 2

const UNKNOWN: Refusal = {
  code: 'wechat_unavailable',
  retryAfterSeconds: BRIEFLY_SECONDS,
  advice: 'WeChat answered with an errcode that has no meaning here; look it up with the rid',
}

/** WeChat's answers to `jscode2session` by errcode. */
const BY_ERRCODE: ReadonlyMap<number, Refusal> = new Map([
  [
    -1,
    row('wechat_unavailable', BRIEFLY_SECONDS, 'WeChat itself is busy: nothing to do here unless it lasts'),
  ],
  [
    40029,
    row(
      'code_invalid',
      null,
      'The code is unknown, expired, or of another app: compare the appid in project.config.json',
    ),
  ],
  [40163, row('code_used', null, null)],
  [40226, row('login_blocked', null, null)],
  [
    50002,
    row(
      'login_blocked',
      null,
      'WeChat limits this user or the whole app: look for a penalty in the admin platform (违规记录)',
    ),
  ],
  [45011, row('wechat_quota', QUOTA_WINDOW_SECONDS, 'A user or this app exceeds the quota of a minute')],
  [45009, row('wechat_quota', DAILY_QUOTA_SECONDS, 'This app has used up its quota of the day')],
  [
    40013,
    config(
      'The appid is wrong: compare WECHAT_APPID with the one in the admin platform (开发管理 → 开发设置)',
    ),
  ],
  [
    40125,
    config('The AppSecret is wrong or was reset: set WECHAT_SECRET to the present one (开发管理 → 开发设置)'),
  ],
  [40164, config("This server's address is not in the IP list of the app (开发管理 → 开发设置 → IP 白名单)")],
  [40243, config('The AppSecret is frozen: thaw it in the admin platform')],
  [50007, config('The account of the app is frozen: see the admin platform')],
  [41002, config('The request reached WeChat without an appid: a proxy strips the query')],
  [41004, config('The request reached WeChat without a secret: a proxy strips the query')],
  [41008, config('The request reached WeChat without a code: a proxy strips the query')],
  [40002, config('The request reached WeChat with another grant_type: a proxy alters the query')],
  [48001, config('The app has no right to this API: see 接口权限 in the admin platform')],
])

/** What a failed exchange means for the client, and what the operator should know. */
export function refusalOf(failure: WechatFailure): Refusal {
  if (failure.kind === 'refused') return BY_ERRCODE.get(failure.errcode) ?? UNKNOWN
  return { code: 'wechat_unavailable', retryAfterSeconds: BRIEFLY_SECONDS, advice: adviceOf(failure) }
}

/** For the counter: few values, whatever WeChat says. */
export function outcomeOf(failure: WechatFailure): string {
  if (failure.kind !== 'refused') return failure.kind
  return BY_ERRCODE.has(failure.errcode) ? String(failure.errcode) : 'unknown_errcode'
}

function adviceOf(failure: Exclude<WechatFailure, { kind: 'refused' }>): string {
  if (failure.kind === 'no_answer')
    return `No answer from WeChat (${failure.cause}): check network, DNS and WECHAT_API_BASE`
  if (failure.kind === 'unexpected_status')
    return `Something answered ${failure.status} in WeChat's place: check proxies and WECHAT_API_BASE`
  return `Something answered in WeChat's place (${failure.cause}): check proxies and WECHAT_API_BASE`
}

function row(code: LoginRefusal, retryAfterSeconds: number | null, advice: string | null): Refusal {
  return { code, retryAfterSeconds, advice }
}

function config(advice: string): Refusal {
  return row('wechat_misconfigured', null, advice)
}
