import { ask, askServer, GIVE_UP_MS, TIMEOUT_MS } from './ask.ts'
import { admit, isBadge, mustNotBeOut } from './badge.ts'
import type { Core } from './core.ts'
import { deviceOf, randomDigits } from './device.ts'
import { keep, keptOf } from './kept.ts'
import { failureOf, REST_SECONDS } from './refusal.ts'
import { isWithin, nothing, now, resolved, tell } from './tell.ts'
import type { UserView } from './types.ts'
import { YaopaiError } from './yaopai-error.ts'

const TRIES = 3
/** A code lives five minutes at WeChat, and its answer one at the server; some of that is spent on the way. */
const CODE_MS = 50_000
const LONGEST_WAIT_SECONDS = 10
/** `wx.login` is limited, and what did not help three times in a minute will not help the fourth time. */
const LOGINS_A_MINUTE = 3
const MINUTE_MS = 60_000
/** What DevTools hands out instead of a code where the project has no appid. */
const MOCK_CODE = 'the code is a mock one'
/** 单页模式, opened from Moments: no login there, and a Storage of its own. */
const SINGLE_PAGE_SCENE = 1154

interface Attempt {
  readonly atMs: number
  readonly body: Body
}

interface Body {
  readonly code: string
  /** With it the same login can be asked for again. Undefined without a CSPRNG. */
  readonly nonce: string | undefined
  readonly appid: string | undefined
  readonly device: object
}

/**
 * Changes a code of `wx.login` for a token. One at a time, whoever asks; after a failure, silent ones are answered
 * with it for a while instead of asking WeChat again.
 * @param isSilent not asked for by the app itself: not allowed once the user is out on purpose
 * @throws YaopaiError
 */
export function logIn(core: Core, isSilent?: boolean): Promise<UserView> {
  const { entry, failure, loginsAtMs } = core
  // One that began before the user went out is left to end, so that there is one at a time. Where the app logs out
  // meanwhile, its last word counts.
  const again = () => {
    if (loginsAtMs !== core.loginsAtMs) mustNotBeOut(core)
    return logIn(core, isSilent)
  }
  if (entry) return core.kept.out ? entry.catch(nothing).then(again) : entry
  if (!isSilent) {
    // Where this is what an app begins with, Storage has not been read yet.
    keptOf(core)
    keep(core, { out: '' })
    core.loginsAtMs = []
  } else if (failure) {
    const restSeconds = failure.retryAfterSeconds || REST_SECONDS[failure.class]
    if (isWithin(core.failedAtMs, restSeconds * 1000)) return Promise.reject(failure)
  }
  const settle = (failed?: YaopaiError) => {
    core.entry = null
    core.failure = failed
    core.failedAtMs = now()
  }
  // Open data that are under way need the key as it is; unless they are lost already, with the token.
  core.entry = resolved(core.kept.current ? core.hold : null).then(() => persist(core, 1))
  core.entry.then(() => settle(), settle)
  return core.entry
}

/** Again, where that can help, and only so often. */
function persist(core: Core, tries: number, earlier?: Attempt | null): Promise<UserView> {
  mustNotBeOut(core)
  const isFresh = earlier && isWithin(earlier.atMs, CODE_MS)
  return resolved(isFresh ? earlier : begin(core)).then((attempt) =>
    exchange(core, attempt).catch((failure: YaopaiError) => {
      const waitMs = waitMsAfter(failure, tries)
      // Without an answer of the server's nobody knows whether it took the code; with a nonce it may be asked again.
      const isAnswered = failure.status && failure.code !== 'bad_response'
      const again = isAnswered || !attempt.body.nonce ? null : attempt
      return new Promise<void>((resolve) => setTimeout(resolve, waitMs)).then(() =>
        persist(core, tries + 1, again),
      )
    }),
  )
}

/** How long to wait before the next try. @throws the failure where there is none */
function waitMsAfter(failure: YaopaiError, tries: number): number {
  if (failure.class === 'relogin' && tries < 2) return 0
  // Jitter, so that the phones of a whole country do not come back together.
  const seconds = (failure.retryAfterSeconds || tries) * (1 + Math.random() / 2)
  if (failure.class !== 'retry' || tries >= TRIES || seconds > LONGEST_WAIT_SECONDS) throw failure
  return seconds * 1000
}

function begin(core: Core): Promise<Attempt> {
  const atMs = now()
  // What the page was opened with names nobody: only the scene is looked at.
  const { scene } = Object(tell(core.wx, 'getEnterOptionsSync'))
  if (scene === SINGLE_PAGE_SCENE) throw new YaopaiError('login_unavailable', 'denied')
  const isEnough = isWithin(core.loginsAtMs[LOGINS_A_MINUTE - 1], MINUTE_MS)
  if (isEnough) throw new YaopaiError('rate_limited', 'retry')
  core.loginsAtMs = [atMs].concat(core.loginsAtMs)
  const coded = ask<{ readonly code: string }>(core, 'login', { timeout: TIMEOUT_MS }, GIVE_UP_MS)
  return Promise.all([coded, randomDigits(core)]).then(([result, nonce]) => ({
    atMs,
    body: { code: Object(result).code, nonce, appid: core.settings.appid, device: deviceOf(core) },
  }))
}

function exchange(core: Core, attempt: Attempt): Promise<UserView> {
  return askServer(core, 'POST', '/login', '', attempt.body).then((answer) => {
    const badge = answer.data
    if (answer.statusCode !== 200 || !isBadge(badge)) {
      throw attempt.body.code === MOCK_CODE
        ? new YaopaiError('login_unavailable', 'config', 'no AppID')
        : failureOf(answer)
    }
    // It came after the user went out: taken back.
    if (keptOf(core).out) askServer(core, 'DELETE', '/session', badge.token).catch(nothing)
    mustNotBeOut(core)
    return admit(core, badge)
  })
}
