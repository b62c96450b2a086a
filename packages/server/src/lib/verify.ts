import type { VerifyView } from '../protocol.ts'
import type { Authenticate } from './authenticate.ts'
import { type Language, problemOf, wwwAuthenticateOf } from './problem.ts'
import { sessionView, userView } from './views.ts'

/**
 * Who calls, for a back end: the user and the session as they may be shown, or the refusal to hand on as it is.
 * @throws StoreUnavailableError when it cannot be known
 */
export async function verify(
  authenticate: Authenticate,
  token: string | null,
  context: { readonly requestId: string; readonly language?: Language },
): Promise<VerifyView> {
  const authentication = await authenticate(token, { requestId: context.requestId, ip: null })
  if (authentication.ok) {
    return { ok: true, user: userView(authentication.user), session: sessionView(authentication.session) }
  }
  const { reason } = authentication
  return {
    ok: false,
    problem: problemOf(reason, context.requestId, {}, context.language),
    wwwAuthenticate: wwwAuthenticateOf(reason),
  }
}
