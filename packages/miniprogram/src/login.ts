import { after, ask } from './ask.ts'
import { authCall } from './auth-call.ts'
import { admit, isBadge, signedOutError } from './badge.ts'
import type { Core } from './core.ts'
import { deviceOf, randomHex } from './device.ts'
import { keep, keptOf } from './kept.ts'
import { nothing, tell } from './quietly.ts'
import { failureOf } from './refusal.ts'
import type { ErrorClass, UserView } from './types.ts'
import { YaopaiError } from './yaopai-error.ts'

const TRIES = 3
/** A code lives five minutes at WeChat, and its answer one at the server; some of that is spent on the way. */
const CODE_MS = 50_000
/** WeChat's own time-out for `wx.login`, and ours for phones that never call back. */
const TIMEOUT_MS = 10_000
const GIVE_UP_MS = 12_000
const LONGEST_WAIT_SECONDS = 10
/** After a failure, silent logins rest for so long: longer where trying again is no cure. */
const REST_SECONDS = { retry: 2, relogin: 2, signed_out: 0, denied: 30, input: 30, config: 30 }
/** `wx.login` is limited, and what did not help three times in a minute will not help the fourth time. */
const LOGINS_A_MINUTE = 3
const MINUTE_MS = 60_000
/** What DevTools hands out instead of a code where the project has no appid. */
const MOCK_CODE = 'the code is a mock one'
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
  const { login, ends } = core
  // One that began before the user went out is left to end, so that there is one at a time.
  if (login) return core.loginEnds === ends ? login : login.catch(nothing).then(() => logIn(core, isSilent))
  const obstacle = isSilent && obstacleOf(core)
  if (obstacle) return Promise.reject(obstacle)
  if (!isSilent) {
    keep(core, { out: '' })
    core.loginsAtMs = []
  }
  const settle = (failure?: YaopaiError) => {
    core.login = undefined
    core.failure = failure
    core.failedAtMs = Date.now()
  }
  core.loginEnds = ends
  core.login = persist(core, ends)
  core.login.then(() => settle(), settle)
  return core.login
}

/** Why no silent login may begin now. */
function obstacleOf(core: Core): YaopaiError | undefined {
  if (keptOf(core).out) return signedOutError(core)
  const { failure, failedAtMs } = core
  if (!failure) return undefined
  const seconds = failure.retryAfterSeconds || REST_SECONDS[failure.class]
  return Math.abs(Date.now() - failedAtMs) < seconds * 1000 ? failure : undefined
}

/** Again, where that can help, and only so often. */
async function persist(core: Core, ends: number): Promise<UserView> {
  let attempt: Attempt | undefined
  for (let tries = 1; ; tries += 1) {
    while (core.hold) await core.hold
    if (core.ends !== ends) throw signedOutError(core)
    if (!attempt || Date.now() - attempt.atMs > CODE_MS) attempt = await begin(core)
    try {
      return await exchange(core, attempt, ends)
    } catch (error) {
      const failure = error as YaopaiError
      const waitMs = waitMsAfter(failure, tries)
      // Only where the answer was lost, and with a nonce, is the code good for another time.
      if (isAnswered(failure) || !attempt.nonce) attempt = undefined
      await new Promise<void>((resolve) => after(waitMs, resolve))
    }
  }
}

/** How long to wait before the next try. @throws the failure where there is none */
function waitMsAfter(failure: YaopaiError, tries: number): number {
  if (failure.class === 'relogin' && tries === 1) return 0
  // Jitter, so that the phones of a whole country do not come back together.
  const seconds = (failure.retryAfterSeconds || tries) * (1 + Math.random() / 2)
  if (failure.class !== 'retry' || tries === TRIES || seconds > LONGEST_WAIT_SECONDS) throw failure
  return seconds * 1000
}

/** Without an answer of the server's, nobody knows whether it took the code. */
function isAnswered({ status, code }: YaopaiError): boolean {
  return Boolean(status) && code !== 'bad_response'
}

function begin(core: Core): Promise<Attempt> {
  const { wx } = core
  // What the page was opened with names nobody: only the scene is looked at.
  const entered = tell(wx, 'getEnterOptionsSync') || tell(wx, 'getLaunchOptionsSync')
  if (Object(entered).scene === SINGLE_PAGE_SCENE) throw unavailable('denied', '单页模式 / single page mode')
  const atMs = Date.now()
  const isEnough = Math.abs(atMs - (core.loginsAtMs[LOGINS_A_MINUTE - 1] || 0)) < MINUTE_MS
  if (isEnough) throw new YaopaiError('rate_limited', 'retry', 'wx.login: 3/min', { retryAfterSeconds: 60 })
  core.loginsAtMs = [atMs].concat(core.loginsAtMs)
  const coded = ask(wx, 'login', { timeout: TIMEOUT_MS }, GIVE_UP_MS)
  return Promise.all([coded, randomHex(core)]).then(([result, nonce]) => ({
    code: Object(result).code,
    nonce,
    atMs,
  }))
}

function exchange(core: Core, { code, nonce }: Attempt, ends: number): Promise<UserView> {
  const { appid } = core.settings
  const data = Object.assign({ code, device: deviceOf(core) }, nonce && { nonce }, appid && { appid })
  return authCall(core, 'POST', '/login', '', data).then((answer) => {
    const badge = answer.data
    if (answer.statusCode !== 200 || !isBadge(badge)) {
      throw code === MOCK_CODE ? unavailable('config', 'DevTools: 没有 / no AppID') : failureOf(answer)
    }
    if (core.ends === ends) return admit(core, badge)
    // It came after the user went out: taken back.
    authCall(core, 'DELETE', '/session', badge.token).catch(nothing)
    throw signedOutError(core)
  })
}

function unavailable(errorClass: ErrorClass, why: string): YaopaiError {
  return new YaopaiError('login_unavailable', errorClass, why)
}
