import { StoreUnavailableError, type TokenRefusal } from './errors.ts'
import type { StoredSession, UserRecord } from './records.ts'
import { findApp, newEvent, type Origin, type Services } from './services.ts'
import { judgeSession, livesUntilMs, type SessionVerdict } from './session/judge.ts'
import { touchedDeadline } from './session/lifetime.ts'
import { RENEWAL_GRACE_SECONDS } from './session/renewal.ts'
import { sessionIdOf } from './session/selector.ts'
import { hashText, hashToken, isSameHash, parseToken, selectorIn } from './session/token.ts'
import type { RecalledSession } from './store/recalled-session.ts'

/**
 * The first may be into a memory, which opens and refuses nothing but the session's own token: another node may have
 * renewed it since. A first use and an ending can each be overtaken once; then the token is what the other one made
 * of it.
 */
const MAX_LOOKS = 5

export type Authentication =
  | { readonly ok: true; readonly user: UserRecord; readonly session: StoredSession }
  | { readonly ok: false; readonly reason: TokenRefusal }

/** `origin` is for the history, should the token end its session: the holder's address, where it is known. */
export type Authenticate = (
  token: string | null,
  origin?: { readonly requestId: string; readonly ip: string | null },
) => Promise<Authentication>

/** The living session of a token, where it can be told at once. What it lets in, `authenticate` lets in. */
export interface AuthenticateNow {
  /** Null for everything else, refusals too: then ask `authenticate`. Both count alike. */
  (token: string): RecalledSession | null
  /** The same for what was let in before by the same token; false: ask with the token. */
  again(recalled: RecalledSession): boolean
}

type Guard = Pick<Services, 'apps' | 'store' | 'clock' | 'random' | 'telemetry'>

/** A token as it was presented. */
interface Presented {
  readonly tokenHash: Buffer
  readonly origin: Origin | undefined
}

/**
 * Who calls? A token that is not well formed costs no look-up. Why a session is dead is told to nobody but the
 * holder of its very token; to everyone else the token is simply not valid. The first use of a renewed token makes it
 * the session's token, durably; a token that was replaced longer than the grace ago ends the session.
 * @throws StoreUnavailableError when it cannot be known, or what follows from it cannot be written
 */
export function createAuthenticate(services: Guard): Authenticate {
  return async function authenticate(token, origin) {
    const outcome = token === null ? refused('missing_token') : await look(services, token, origin)
    services.telemetry.count('authentications', { outcome: outcome.ok ? 'ok' : outcome.reason })
    return outcome
  }
}

/**
 * A store that has to be asked and waited for makes it say null always. Pattern and checksum are not judged here: the hash
 * is that of the whole token, and a text that is none is judged by `authenticate`.
 */
export function createAuthenticateNow(services: Guard): AuthenticateNow {
  const { store } = services
  const authenticateNow = (token: string): RecalledSession | null => {
    const selector = selectorIn('yp1_', token)
    const recalled = selector === null ? null : (store.recallSession?.(selector) ?? null)
    if (recalled === null || !recalled.isOfHash(hashText(token))) return null
    return admit(services, recalled) ? recalled : null
  }
  const again = (recalled: RecalledSession): boolean =>
    store.isRecalledStill?.(recalled) === true && admit(services, recalled)
  return Object.assign(authenticateNow, { again })
}

/**
 * What `open` does for a session that no act has ended. One whose deadline is to be written is left to that: the write
 * takes out of the memory what was recalled.
 */
function admit(services: Guard, recalled: RecalledSession): boolean {
  const nowMs = services.clock.nowMs()
  const app = findApp(services, recalled.appid)
  if (app === null || app.frozen || nowMs >= livesUntilMs(recalled)) return false
  if (touchedDeadline(recalled, nowMs) !== null) return false
  services.telemetry.count('authentications', ADMITTED)
  return true
}

const ADMITTED = { outcome: 'ok' }

async function look(services: Guard, token: string, origin: Origin | undefined): Promise<Authentication> {
  const parsed = parseToken('yp1_', token)
  if (parsed === null) return refused('invalid_token')
  const presented = { tokenHash: hashToken(token), origin }
  for (let turn = 1; turn <= MAX_LOOKS; turn += 1) {
    const session = await services.store.findSession(parsed.selector, turn === 1 ? 'memory' : undefined)
    if (session === null) return refused('invalid_token')
    if (isSameHash(presented.tokenHash, session.tokenHash)) return open(services, session)
    if (turn === 1) continue
    const outcome = await lookAround(services, session, presented)
    if (outcome !== null) return outcome
  }
  throw new StoreUnavailableError(new Error(`A session changed ${MAX_LOOKS} times while its token was read`))
}

/** Not the session's token: the next one, or one it had before. Null: the session has changed, read it again. */
function lookAround(
  services: Guard,
  session: StoredSession,
  presented: Presented,
): Promise<Authentication | null> {
  const { pending } = session
  const isNext = pending !== null && isSameHash(presented.tokenHash, pending.nextHash)
  return isNext ? useFirst(services, session, presented) : useRetired(services, session, presented)
}

async function useFirst(
  services: Guard,
  session: StoredSession,
  { tokenHash }: Presented,
): Promise<Authentication | null> {
  const refusal = refusalOf(services, session)
  if (refusal !== null) return refusal
  const atMs = services.clock.nowMs()
  const goodUntilMs = atMs + RENEWAL_GRACE_SECONDS * 1000
  const promotion = { selector: session.selector, nextHash: tokenHash, atMs, goodUntilMs }
  const isPromoted = await services.store.promoteToken(promotion)
  return isPromoted ? open(services, { ...session, tokenHash, pending: null }) : null
}

async function useRetired(
  services: Guard,
  session: StoredSession,
  { tokenHash, origin }: Presented,
): Promise<Authentication | null> {
  const retired = await services.store.findRetiredToken(session.selector, tokenHash)
  if (retired === null) return refused('invalid_token')
  const verdict = verdictOf(services, session)
  if (!verdict.ok) return refused(verdict.reason)
  if (services.clock.nowMs() < retired.goodUntilMs) return open(services, session)
  const isEnded = await endReused(services, session, origin)
  return isEnded ? refused('reuse_detected') : null
}

/** Of two holders one has no right to it, and nobody can tell which: both are out. */
async function endReused(
  services: Guard,
  { selector, userId, appid }: StoredSession,
  origin: Origin | undefined,
): Promise<boolean> {
  const reason = 'reuse_detected'
  const from = origin ?? { requestId: null, ip: null }
  const event = newEvent(services, from, 'session.ended', { appid, userId, selector, facts: { reason } })
  const atMs = services.clock.nowMs()
  const isEnded = await services.store.endSession({ selector, userId, reason, atMs, events: [event] })
  if (isEnded) services.telemetry.log('warn', 'session.reuse_detected', { session: sessionIdOf(selector) })
  return isEnded
}

function open(services: Guard, session: StoredSession): Authentication {
  const refusal = refusalOf(services, session)
  if (refusal !== null) return refusal
  touch(services, session)
  return { ok: true, user: session.user, session }
}

function refusalOf(services: Guard, session: StoredSession): Authentication | null {
  const verdict = verdictOf(services, session)
  if (!verdict.ok) return refused(verdict.reason)
  const app = findApp(services, session.appid)
  return app === null || app.frozen ? refused('app_disabled') : null
}

function verdictOf(services: Guard, session: StoredSession): SessionVerdict {
  const { idleDeadlineMs, absoluteDeadlineMs, endedAtMs, endReason, user } = session
  const state = { idleDeadlineMs, absoluteDeadlineMs, endedAtMs, endReason, userBannedAtMs: user.bannedAtMs }
  return judgeSession(state, services.clock.nowMs())
}

/** Not awaited: the request is good whether or not the later deadline gets written. */
function touch(services: Guard, session: StoredSession): void {
  const idleDeadlineMs = touchedDeadline(session, services.clock.nowMs())
  if (idleDeadlineMs === null) return
  services.store.touchSession(session.selector, idleDeadlineMs).catch(() => {
    services.telemetry.log('warn', 'session.touch_failed', {})
  })
}

function refused(reason: TokenRefusal): Authentication {
  return { ok: false, reason }
}
