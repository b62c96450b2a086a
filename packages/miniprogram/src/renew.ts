import { askServer } from './ask.ts'
import { DAY_MS, heed, isBadge } from './badge.ts'
import type { Core } from './core.ts'
import { keep } from './kept.ts'
import { tokenRefusalOf } from './refusal.ts'
import { nothing, now } from './tell.ts'

/**
 * Gets the successor of the token, `core.renewal`. Never fails: without an answer the old token goes on. The new one
 * is used by the first request that finds nothing under way that carries the old one. Where Storage does not take it, it
 * is left unused, so that the old one stays good: after a restart that is all there is.
 */
export function renew(core: Core): void {
  const { current } = core.kept
  core.renewalAtMs = now()
  core.renewal = askServer(core, 'POST', '/session/renew', current)
    .then((answer) => {
      // Logged in or out meanwhile.
      if (core.kept.current !== current) return
      const refusal = tokenRefusalOf(answer)
      if (refusal) heed(core, refusal, current)
      if (!isBadge(answer.data)) return
      const renewEveryMs = Math.min(core.kept.renewEveryMs, DAY_MS)
      const change = { next: answer.data.token, renewEveryMs, renewAtMs: now() + renewEveryMs }
      if (!keep(core, change)) keep(core, { next: '' })
    }, nothing)
    .then(() => {
      core.renewal = null
    })
}
