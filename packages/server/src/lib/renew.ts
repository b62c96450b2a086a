import type { Authenticate } from './authenticate.ts'
import { StoreUnavailableError, type TokenRefusal } from './errors.ts'
import type { StoredSession } from './records.ts'
import { newEvent, type Origin, type Services } from './services.ts'
import { MAX_RENEWALS, successorOf } from './session/renewal.ts'
import { hashToken, isSameHash } from './session/token.ts'

const SEED_BYTES = 32
/** A renewal that lost a race finds the winner's seed at its next look. */
const MAX_ATTEMPTS = 4

/** Who asks, as authenticated just now, and the token that said so. */
export interface RenewRequest {
  readonly caller: StoredSession
  readonly token: string
  readonly origin: Origin
}

export type RenewResult =
  | { readonly ok: true; readonly token: string; readonly session: StoredSession }
  | { readonly ok: false; readonly reason: TokenRefusal }

/** `ok`: made now. `again`: the same as before. `kept`: the session has had its number of renewals. */
interface Successor {
  readonly token: string
  readonly outcome: 'ok' | 'again' | 'kept'
}

/**
 * Gives the caller the token that is to follow. However often, and wherever, the same token asks, it gets the same
 * successor; until that one is first used both are good. The session and its absolute end stay as they are.
 * @throws StoreUnavailableError when it cannot be made durable
 */
export async function renew(
  services: Services,
  authenticate: Authenticate,
  { caller, token, origin }: RenewRequest,
): Promise<RenewResult> {
  let session = caller
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const successor = await findOrStart(services, session, token, origin)
    if (successor !== null) {
      services.telemetry.count('renewals', { app: session.appid, outcome: successor.outcome })
      return { ok: true, token: successor.token, session }
    }
    const known = await authenticate(token, origin)
    if (!known.ok) {
      services.telemetry.count('renewals', { app: session.appid, outcome: known.reason })
      return known
    }
    session = known.session
  }
  throw new StoreUnavailableError(new Error(`A renewal found its session changed ${MAX_ATTEMPTS} times over`))
}

/** Null: the session is no more as it was read. */
async function findOrStart(
  services: Services,
  session: StoredSession,
  token: string,
  origin: Origin,
): Promise<Successor | null> {
  const tokenHash = hashToken(token)
  const { selector, pending } = session
  const isCurrent = isSameHash(tokenHash, session.tokenHash)
  if (isCurrent && pending === null) return start(services, session, token, origin)
  const known = isCurrent ? pending : await services.store.findRetiredToken(selector, tokenHash)
  if (known === null || known.seed === null) return null
  await services.store.confirm?.()
  return { token: successorOf(token, selector, known.seed), outcome: 'again' }
}

async function start(
  services: Services,
  session: StoredSession,
  token: string,
  origin: Origin,
): Promise<Successor | null> {
  if (session.renewals >= MAX_RENEWALS) return { token, outcome: 'kept' }
  const { selector, tokenHash, userId, appid } = session
  const seed = services.random.bytes(SEED_BYTES)
  const next = successorOf(token, selector, seed)
  const isStarted = await services.store.startRenewal({
    selector,
    tokenHash,
    nextHash: hashToken(next),
    seed,
    atMs: services.clock.nowMs(),
    events: [newEvent(services, origin, 'session.renewed', { appid, userId, selector })],
  })
  return isStarted ? { token: next, outcome: 'ok' } : null
}
