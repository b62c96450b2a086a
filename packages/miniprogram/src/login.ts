import { ask } from './ask.ts'
import { authCall } from './auth-call.ts'
import { admit, isBadge, signedOutError } from './badge.ts'
import type { Core } from './core.ts'
import { deviceOf, randomHex } from './device.ts'
import { keep, keptOf } from './kept.ts'
import { nothing, quietly } from './quietly.ts'
import { failureOf } from './refusal.ts'
import type { ErrorClass, UserView } from './types.ts'
import { YaopaiError } from './yaopai-error.ts'

const TRIES = 3
/** A code lives five minutes at WeChat, and its answer one at the server; some of that is spent on the way. */
const CODE_MS = 50_000
/** WeChat's own time-out for `wx.login`, and ours for phones that never call back. */
const TIMEOUT_MS = 10_000
const GIVE_UP_MS = 12_000
/** Silent logins: `wx.login` is limited, and what failed three times in a minute fails the fourth time too. */
const LOGINS_A_MINUTE = 3
const MINUTE_MS = 60_000
/** For so long a failed login is the answer to silent ones too: short, or long where trying again is no cure. */
const SHORT_HOLD_MS = 2000
const LONG_HOLD_MS = 30_000
const LONGEST_WAIT_MS = 10_000
/** What DevTools hands out instead of a code where the project has no appid. */
const MOCK_CODE = 'the code is a mock one'
const NO_APPID = '开发者工具的项目没有 AppID / the project in DevTools has no appid'
/** Codes of failures after which nobody knows whether the server took the code. */
const LOST = /^(network|timeout|interrupted|bad_response)$/
/** 单页模式, opened from Moments: no login there, and a Storage of its own. */
const SINGLE_PAGE_SCENE = 1154

interface Attempt {
  readonly code: string
  /** With it the same login can be asked for again. Empty without a CSPRNG. */
  readonly nonce: string
  readonly atMs: number
}

/**
 * Changes a code of `wx.login` for a token. One at a time, whoever asks; after a failure, silent ones are answered
 * with it for a while instead of asking WeChat again.
 * @param isSilent not asked for by the app itself: not allowed once the user is out on purpose
 * @throws YaopaiError
 */
export function logIn(core: Core, isSilent?: boolean): Promise<UserView> {
  if (core.login && core.loginEnds === core.ends) return core.login
  // The one under way began before the user went out. It is left to end, so that there is one at a time.
  if (core.login) return core.login.then(nothing, nothing).then(() => logIn(core, isSilent))
  const obstacle = isSilent ? obstacleOf(core) : null
  if (obstacle) return Promise.reject(obstacle)
  if (!isSilent) keep(core, { out: '' })
  core.loginEnds = core.ends
  const settle = (error?: YaopaiError) => {
    core.login = null
    core.failure = error ? { error, atMs: Date.now(), holdsMs: holdsMsOf(error) } : null
  }
  core.login = persist(core)
  core.login.then(() => settle(), settle)
  return core.login
}

/** Why no silent login may begin now; null when one may. */
function obstacleOf(core: Core): YaopaiError | null {
  const { out } = keptOf(core)
  if (out) return signedOutError(out)
  const { failure, loginsAtMs } = core
  if (failure && isWithin(failure.atMs, failure.holdsMs)) return failure.error
  if (loginsAtMs.filter((atMs) => isWithin(atMs, MINUTE_MS)).length < LOGINS_A_MINUTE) return null
  const message = '登录过于频繁：新的登录态也被拒绝 / too many logins: what they bring is refused'
  return new YaopaiError('rate_limited', 'retry', message, { retryAfterSeconds: MINUTE_MS / 1000 })
}

/** A clock that was set back must not lock anybody out. */
function isWithin(sinceMs: number, lengthMs: number): boolean {
  const passedMs = Date.now() - sinceMs
  return passedMs >= 0 && passedMs < lengthMs
}

function holdsMsOf({ class: errorClass, retryAfterSeconds = 0 }: YaopaiError): number {
  if (errorClass === 'denied' || errorClass === 'config') return LONG_HOLD_MS
  return Math.max(SHORT_HOLD_MS, retryAfterSeconds * 1000)
}

/** Again, where that can help, and only so often. */
async function persist(core: Core): Promise<UserView> {
  const { ends } = core
  let attempt: Attempt | null = null
  for (let tries = 1; ; tries += 1) {
    while (core.hold) await core.hold
    if (core.ends !== ends) throw signedOutError(core.kept.out)
    if (!attempt || !isWithin(attempt.atMs, CODE_MS)) attempt = await begin(core)
    try {
      return await exchange(core, attempt, ends)
    } catch (error) {
      const waitMs = waitAfter(error as YaopaiError, tries)
      if (waitMs < 0) throw error
      // Only where the answer was lost, and with a nonce, is the code good for another time.
      if (!LOST.test((error as YaopaiError).code) || !attempt.nonce) attempt = null
      await new Promise<void>((resolve) => setTimeout(resolve, waitMs))
    }
  }
}

/** How long to wait before the next try, in milliseconds; below 0: there is none. */
function waitAfter({ class: errorClass, retryAfterSeconds }: YaopaiError, tries: number): number {
  if (errorClass === 'relogin' && tries === 1) return 0
  if (errorClass !== 'retry' || tries >= TRIES) return -1
  // Jitter, so that the phones of a whole country do not come back together.
  const waitMs = (retryAfterSeconds || tries) * 1000 * (1 + Math.random() / 2)
  return waitMs > LONGEST_WAIT_MS ? -1 : waitMs
}

function begin(core: Core): Promise<Attempt> {
  const { wx } = core
  const atMs = Date.now()
  // What the page was opened with names nobody: only the scene is looked at.
  const entered = quietly(() =>
    Object(wx)[wx.getEnterOptionsSync ? 'getEnterOptionsSync' : 'getLaunchOptionsSync'](),
  )
  if (Object(entered).scene === SINGLE_PAGE_SCENE)
    throw unavailable('denied', '朋友圈单页模式 / single page mode')
  core.loginsAtMs = core.loginsAtMs.concat(atMs).slice(-LOGINS_A_MINUTE)
  const options = { timeout: TIMEOUT_MS }
  const fetched = ask<{ code?: string }>(
    (callbacks) => wx.login(Object.assign(options, callbacks)),
    GIVE_UP_MS,
  )
  return Promise.all([fetched, randomHex(core)]).then(([result, nonce]) => {
    const { code } = Object(result)
    if (!code) throw unavailable('retry', 'wx.login: code?')
    return { code, nonce, atMs }
  })
}

async function exchange(core: Core, { code, nonce }: Attempt, ends: number): Promise<UserView> {
  const { appid } = core.settings
  const data = Object.assign({ code, device: await deviceOf(core) }, nonce && { nonce }, appid && { appid })
  const answer = await authCall(core, 'POST', '/login', { data })
  const badge = answer.data
  if (answer.statusCode !== 200 || !isBadge(badge))
    throw code === MOCK_CODE ? unavailable('config', NO_APPID) : failureOf(answer)
  if (core.ends === ends) return admit(core, badge)
  // It came after the user went out: taken back.
  authCall(core, 'DELETE', '/session', { token: badge.token }).catch(nothing)
  throw signedOutError(core.kept.out)
}

function unavailable(errorClass: ErrorClass, why: string): YaopaiError {
  return new YaopaiError('login_unavailable', errorClass, why)
}
