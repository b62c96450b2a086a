import type { VerifyView } from '../../../protocol.ts'
import { preferredLanguage } from '../../language.ts'
import { localRefusal } from '../../local-refusal.ts'
import type { Language } from '../../problem.ts'
import { parseToken } from '../../session/token.ts'
import { createTroubleLog } from './log-trouble.ts'
import { parseVerifyView } from './parse-verify-view.ts'

export interface ClientOptions {
  /** Yaopai's internal listener, such as `http://127.0.0.1:8789`. */
  readonly internalUrl: string
  /** A key of scope `introspect`. Undefined, as a variable that is not set, is refused at once. */
  readonly apiKey: string | undefined
  /** For the whole exchange. Default 2 s. */
  readonly timeoutMs?: number
  readonly fetch?: typeof fetch
  /**
   * Told once for each answer that could not be acted on, for the operator's log; names no secret. Default:
   * `console.error`, at most once in 10 s.
   */
  readonly onTrouble?: (message: string) => void
}

/** Answer of `POST /introspect` (RFC 7662). Times are seconds since the Unix epoch. */
export type Introspection =
  | { readonly active: false }
  | {
      readonly active: true
      readonly sub: string
      readonly client_id: string
      readonly sid: string
      readonly iat: number
      readonly exp: number
      readonly auth_time: number
      readonly openid: string
      readonly unionid?: string
    }

/** What a refusal takes from the client's own request. */
export interface ClientHints {
  /** The header of that name: in which language the refusal has its title. */
  readonly acceptLanguage?: string | null
}

export interface YaopaiClient {
  /**
   * Who holds this token, or the refusal to hand on. Null: the request had none. What cannot be a token is refused
   * without asking. Never rejects.
   */
  verify(token: string | null, client?: ClientHints): Promise<VerifyView>
  /** @throws Error when it cannot be known */
  introspect(token: string): Promise<Introspection>
}

const TIMEOUT_MS = 2_000
const MAX_ANSWER_CHARS = 65_536

/**
 * Asks a Yaopai in another process who calls. What cannot be known is a refusal of 503, never an identity and never
 * "not logged in".
 * @throws RangeError when `internalUrl` is no http address or `apiKey` is missing
 */
export function createYaopaiClient(options: ClientOptions): YaopaiClient {
  const ask = createAsk(options)
  const onTrouble = options.onTrouble ?? createTroubleLog()
  return {
    verify: (token, client = {}) =>
      verify(ask, onTrouble, token, preferredLanguage(client.acceptLanguage ?? null)),
    introspect: async (token) => parseIntrospection(await ask('/introspect', new URLSearchParams({ token }))),
  }
}

type Ask = (path: string, body: object, headers?: Readonly<Record<string, string>>) => Promise<unknown>

async function verify(
  ask: Ask,
  onTrouble: (message: string) => void,
  token: string | null,
  language: Language,
): Promise<VerifyView> {
  if (token === null) return localRefusal('missing_token', language)
  if (parseToken('yp1_', token) === null) return localRefusal('invalid_token', language)
  try {
    const view = parseVerifyView(await ask('/verify', { token }, { 'Accept-Language': language }))
    if (view !== null) return view
    onTrouble('Yaopai answered something that is no verdict: is internalUrl its internal listener?')
  } catch (error) {
    onTrouble(messageOf(error))
  }
  return localRefusal('store_unavailable', language)
}

function createAsk({ internalUrl, apiKey, timeoutMs = TIMEOUT_MS, fetch: send = fetch }: ClientOptions): Ask {
  if (!/^https?:\/\//.test(internalUrl ?? '') || !URL.canParse(internalUrl)) {
    throw new RangeError('internalUrl must be an http address such as http://127.0.0.1:8789')
  }
  if (!/^[\x21-\x7e]+$/.test(apiKey ?? '')) {
    throw new RangeError(
      `apiKey ${apiKey ? 'cannot be a key' : 'is missing'}: set it to the key of a back end that Yaopai knows by ` +
        'YAOPAI_API_KEYS, with the scope introspect; that of a demo is the last part of .yaopai/api.keys',
    )
  }
  const base = internalUrl.replace(/\/+$/, '')
  return async (path, body, headers = {}) => {
    const isForm = body instanceof URLSearchParams
    const response = await send(base + path, {
      method: 'POST',
      headers: {
        ...headers,
        Authorization: `Bearer ${apiKey}`,
        'Content-Type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
      },
      body: isForm ? body.toString() : JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await response.text()
    if (response.status !== 200) throw new Error(adviceFor(response.status))
    if (text.length > MAX_ANSWER_CHARS) throw new Error('Yaopai answered more than any answer of it has')
    const answer: unknown = JSON.parse(text)
    return answer
  }
}

function adviceFor(status: number): string {
  if (status === 401)
    return 'Yaopai does not know the API key (401): name it in YAOPAI_API_KEYS or "backends"'
  if (status === 403) return 'Yaopai refuses the API key (403): give it the scope introspect'
  if (status === 404) return 'Yaopai has no such route (404): internalUrl must be its internal listener'
  return `Yaopai answered ${status}`
}

/** Of errors that fetch throws only the kind is told. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Yaopai gave no answer'
  return error.message.startsWith('Yaopai')
    ? error.message
    : `Yaopai gave no answer (${error.name}): is its internal listener at internalUrl?`
}

function parseIntrospection(answer: unknown): Introspection {
  if (typeof answer === 'object' && answer !== null && 'active' in answer) {
    if (answer.active === false) return { active: false }
    if (answer.active === true && isActive(answer)) return { ...answer, active: true }
  }
  throw new Error('Yaopai answered something that is no introspection')
}

type ActiveFields = Omit<Extract<Introspection, { active: true }>, 'active'>

const TEXTS = ['sub', 'client_id', 'sid', 'openid'] as const
const TIMES = ['iat', 'exp', 'auth_time'] as const

function isActive(answer: object): answer is ActiveFields {
  const fields = new Map(Object.entries(answer))
  const unionid = fields.get('unionid')
  return (
    TEXTS.every((name) => typeof fields.get(name) === 'string') &&
    TIMES.every((name) => typeof fields.get(name) === 'number') &&
    (unionid === undefined || typeof unionid === 'string')
  )
}
