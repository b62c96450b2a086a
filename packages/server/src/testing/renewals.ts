import { renew } from '../lib/renew.ts'
import { ORIGIN, type Rig } from './rig.ts'

/** What a token is worth: `ok`, or why not. Asking is a use. */
export async function use(rig: Pick<Rig, 'authenticate'>, token: string): Promise<string> {
  const known = await rig.authenticate(token, ORIGIN)
  return known.ok ? 'ok' : known.reason
}

/** As `POST /session/renew` does it: authenticates the token, then asks for its successor. */
export async function tryRenew(
  rig: Pick<Rig, 'authenticate' | 'services'>,
  token: string,
): Promise<{ readonly token: string } | { readonly refusal: string }> {
  const known = await rig.authenticate(token, ORIGIN)
  if (!known.ok) return { refusal: known.reason }
  const caller = known.session
  const result = await renew(rig.services, rig.authenticate, { caller, token, origin: ORIGIN })
  return result.ok ? { token: result.token } : { refusal: result.reason }
}

/** The successor of a token that must be good. */
export async function renewed(rig: Pick<Rig, 'authenticate' | 'services'>, token: string): Promise<string> {
  const result = await tryRenew(rig, token)
  if ('refusal' in result) throw new Error(`The renewal was refused: ${result.refusal}`)
  return result.token
}
