import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose'

const ISSUER = 'yaopai'
const ALGORITHMS = ['ES256']
const LIFE_SECONDS = 60
/** What clocks of two machines may differ by. */
const TOLERANCE_SECONDS = 5
const TIMEOUT_MS = 2_000
const KEEP_KEYS_MS = 600_000
/** After a kid that nobody knows the keys are not fetched again for so long: made-up kids cost one request. */
const COOLDOWN_MS = 30_000

export interface AssertionVerifierOptions {
  /** Of Yaopai's internal listener, such as `http://127.0.0.1:8789/.well-known/jwks.json`. */
  readonly jwksUrl: string
  /** The `audience` that this back end has in Yaopai's configuration. An assertion for another one is refused. */
  readonly audience: string
  /** Instead of the global one. */
  readonly fetch?: typeof fetch
  /** Default: the time of this machine. */
  readonly now?: () => Date
}

/** Who calls, by a gateway's `X-Yaopai-Assertion`. 401: no proof of anybody. 503: the keys cannot be had right now. */
export type AssertionVerdict =
  | {
      readonly ok: true
      readonly userId: string
      readonly sessionId: string
      readonly appid: string
    }
  | { readonly ok: false; readonly status: 401 | 503; readonly reason: string }

/**
 * Verifies assertions in this process: no question to Yaopai but for its keys, now and then. A session that was ended
 * is refused here after at most a minute; who must know at once asks by `createYaopaiClient().verify`.
 * @returns a function that takes the header's value, null where there is none, and never rejects
 */
export function createAssertionVerifier(
  options: AssertionVerifierOptions,
): (assertion: string | null | undefined) => Promise<AssertionVerdict> {
  const { jwksUrl, audience, now } = options
  if (!audience) throw new RangeError('audience is missing: name the one of this back end in "backends"')
  const keys = createRemoteJWKSet(urlOf(jwksUrl), {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: KEEP_KEYS_MS,
    ...(options.fetch === undefined ? {} : { [customFetch]: options.fetch }),
  })
  return async (assertion) => {
    if (typeof assertion !== 'string' || assertion === '') return refused(401, 'no assertion')
    try {
      const { payload } = await jwtVerify(assertion, keys, {
        algorithms: ALGORITHMS,
        issuer: ISSUER,
        audience,
        clockTolerance: TOLERANCE_SECONDS,
        maxTokenAge: LIFE_SECONDS,
        requiredClaims: ['sub', 'sid', 'client_id', 'exp'],
        ...(now === undefined ? {} : { currentDate: now() }),
      })
      return verdictOf(payload)
    } catch (error) {
      return refusalOf(error)
    }
  }
}

function urlOf(text: string): URL {
  if (URL.canParse(text)) return new URL(text)
  throw new RangeError('jwksUrl must be a URL such as http://127.0.0.1:8789/.well-known/jwks.json')
}

function verdictOf({ sub, sid, client_id: appid }: Readonly<Record<string, unknown>>): AssertionVerdict {
  if (typeof sub !== 'string' || typeof sid !== 'string' || typeof appid !== 'string')
    return refused(401, 'claims of a wrong form')
  return { ok: true, userId: sub, sessionId: sid, appid }
}

/** What the assertion itself is guilty of is 401; whatever keeps its key from being looked up is 503. */
function refusalOf(error: unknown): AssertionVerdict {
  const isOfKeys =
    !(error instanceof errors.JOSEError) ||
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    error.code === errors.JOSEError.code
  return isOfKeys ? refused(503, 'the keys cannot be fetched') : refused(401, error.code)
}

function refused(status: 401 | 503, reason: string): AssertionVerdict {
  return { ok: false, status, reason }
}
