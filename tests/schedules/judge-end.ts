import { badErrorOf, type CallRecord, complaintOf } from './calls.ts'
import type { ModelServer } from './model-server.ts'

/** What is known when the story is over. */
export interface End {
  readonly calls: readonly CallRecord[]
  readonly server: ModelServer
  readonly nowMs: number
  /** Tokens that died for reasons that a silent login cures. */
  readonly deaths: number
  /** Tokens that the client was told are refused. */
  readonly refusals: number
  readonly clockJumps: number
  readonly isTroubled: boolean
  readonly complain: (text: string) => void
}

export const LOGINS_A_MINUTE = 3
const DAY_MS = 86_400_000

/** Rules 2, 9, and the back end's side of 3. */
export function judgeCalls(end: End): void {
  const { calls, server, complain } = end
  for (const call of calls) {
    const text = complaintOf(call) ?? badErrorOf(call)
    if (text !== null) complain(`[2] ${text}`)
    if (call.outcome === 'ok' && call.status < 400) continue
    if (hadToSucceed(end, call))
      complain(`[9] ${call.what} failed where nothing was wrong: ${call.status} ${String(call.error)}`)
  }
  for (const [number, times] of server.executions) {
    if (times > 1 && calls[number]?.isIdempotent === false)
      complain(`[3] the back end did call ${number} ${times} times`)
  }
}

function hadToSucceed(end: End, call: CallRecord): boolean {
  if (end.isTroubled || !call.mustSucceed || call.life.dead) return false
  return !isTwiceUnlucky(end, call) && !isOverLimit(end, call)
}

/** Three logins a minute are promised, and no more: the fourth token that dies in it stays dead for a while. */
function isOverLimit({ deaths }: End, call: CallRecord): boolean {
  return deaths >= LOGINS_A_MINUTE && Object(call.error).code === 'rate_limited'
}

/**
 * The second of two tokens that died under one call is one too many: it is sent twice and no more. What a call of the
 * client's own sent is not known by its call; a token that was dead before the story began died in no step of it.
 */
function isTwiceUnlucky({ deaths, refusals }: End, call: CallRecord): boolean {
  return call.refusedTokens.size > 1 || (call.sends === 0 && (deaths > 1 || refusals > 1))
}

/** Rules 6 and 11. */
export function judgeSessions({ server, nowMs, clockJumps, complain }: End): void {
  for (const session of server.sessions.all()) {
    if (session.ended?.reason === 'reuse_detected' && !server.isWrapperThief())
      complain('[6] the server took the client for a thief')
    const ageMs = (session.ended?.atMs ?? nowMs) - session.createdAtMs
    const allowed = Math.ceil(ageMs / DAY_MS) + 2 + clockJumps
    if (session.retired.size > allowed) complain(`[11] renewed ${session.retired.size} times in ${ageMs} ms`)
  }
}
