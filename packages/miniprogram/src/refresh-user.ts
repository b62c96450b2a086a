import { ownCall } from './call.ts'
import type { Core } from './core.ts'
import { keep } from './kept.ts'
import type { UserView } from './types.ts'

/** Asks the server who this is, and remembers it. @throws YaopaiError */
export function refreshUser(core: Core): Promise<UserView> {
  return ownCall<{ readonly user: UserView }>(core, '/session', 'user').then(({ user }) => {
    // It may have come after a logout.
    if (core.kept.current) keep(core, { user })
    return user
  })
}
