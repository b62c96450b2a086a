import { askServer } from './ask.ts'
import { admitNext, heed, isBadge } from './badge.ts'
import type { Core } from './core.ts'
import { tokenRefusalOf } from './refusal.ts'
import { isWithin, nothing } from './tell.ts'

const BACK_OFF_MS = 60_000

/** Whether the token should be renewed by now; a third of the idle time has gone by. */
export function isDue(core: Core): boolean {
  return !core.kept.next && Date.now() >= core.kept.renewAtMs && !isWithin(core.renewalAtMs, BACK_OFF_MS)
}

/**
 * Whether nothing was heard of the token for so long that the server may have ended it. It is asked before anything
 * is sent, since a refused POST is not sent again; and asked rather than logged in anew, since the session may have
 * been ended on purpose.
 */
export function isOverdue({ kept }: Core): boolean {
  return Date.now() >= Math.min(kept.endsAtMs, kept.renewAtMs + kept.renewEveryMs)
}

/** Gets the successor of the token, `core.renewal`. Never fails: without an answer the old token goes on. */
export function renew(core: Core): void {
  const { current } = core.kept
  core.renewalAtMs = Date.now()
  core.renewal = askServer(core, 'POST', '/session/renew', current)
    .then((answer) => {
      // Logged in or out meanwhile.
      if (core.kept.current !== current) return
      if (isBadge(answer.data)) return admitNext(core, answer.data.token)
      const refusal = tokenRefusalOf(answer)
      if (refusal) heed(core, refusal, current)
    }, nothing)
    .then(() => {
      core.renewal = undefined
    })
}
