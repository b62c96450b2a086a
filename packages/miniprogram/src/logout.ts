import { askServer } from './ask.ts'
import { signOut } from './badge.ts'
import type { Core } from './core.ts'
import { keptOf } from './kept.ts'
import { tokenRefusalOf } from './refusal.ts'
import { resolved } from './tell.ts'

/**
 * Out here at once, whatever the network does; then the server is told. Where it could not be, the session ends by
 * itself: with the next login on this phone, or by its age.
 * @returns whether the server knows
 */
export function logout(core: Core): Promise<boolean> {
  const { current, out } = keptOf(core)
  if (!out) signOut(core, 'logged_out')
  // A login that waits to be begun sees by this that it is not wanted any more.
  core.loginsAtMs = []
  if (!current) return resolved(true)
  return askServer(core, 'DELETE', '/session', current).then(
    (answer) => answer.statusCode === 204 || Boolean(tokenRefusalOf(answer)),
    () => false,
  )
}
