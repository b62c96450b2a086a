import type { Core } from './core.ts'
import { keep } from './kept.ts'
import { failureOf } from './refusal.ts'
import { ownRequest } from './requests.ts'
import type { UserView } from './types.ts'

/** Asks who this is. @throws YaopaiError */
export async function refreshUser(core: Core): Promise<UserView> {
  const answer = await ownRequest<{ readonly user: UserView }>(core, '/session', {})
  const { user } = Object(answer.data)
  if (answer.statusCode !== 200 || !user) throw failureOf(answer)
  keep(core, { user })
  return user
}
