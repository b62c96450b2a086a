import { ERROR_CODES } from '../errors.ts'
import type { Telemetry } from '../telemetry.ts'
import { type Answer, type Refusal, refuse } from './answer.ts'
import type { Sampler } from './sampler.ts'

const CURES: Readonly<Record<string, string>> = {
  body: 'Leave body and Content-Length out of the request to /forward-auth',
  'transfer-encoding': 'Leave body and Transfer-Encoding out of the request to /forward-auth',
  host: 'Send one Host header with a plain host name to /forward-auth',
  method: 'Ask /forward-auth by GET',
  audience: 'Ask /forward-auth with the audience of one of the configured "backends", or leave it out',
}
const QUERY_CURE =
  "Ask /forward-auth without a query, or with optional=1 and audience=… alone; leave the client's own query out"

interface Told {
  readonly telemetry: Telemetry
  readonly sample: Sampler
  readonly requestId: string
}

/** A gateway that asks wrongly is the operator's to mend: 500, and a line of the log that names the cure. */
function gatewaySetUpTrouble(field: string, { telemetry, sample, requestId }: Told): Refusal {
  const suppressed = sample()
  const advice = CURES[field] ?? QUERY_CURE
  if (suppressed !== null)
    telemetry.log('warn', 'gateway.misconfigured', { requestId, field, advice, suppressed })
  return refuse('internal', { detail: advice })
}

/** Gateways know 2xx, 401, 403 and trouble; what else a route would say of the request is the gateway's own doing. */
export function answerForGateway(answer: Answer, told: Told): Answer {
  if (answer.kind === 'answer') return answer
  const { status } = ERROR_CODES[answer.code]
  if (status === 401 || status === 403 || status >= 500) return answer
  return gatewaySetUpTrouble(answer.field ?? 'query', told)
}

/** What the client itself sent and the gateway only handed on; all else was the gateway's to get right. */
const OF_GATEWAY = new Set(['body', 'transfer-encoding', 'host'])

/** The same for what is refused before any route is looked for: doubled credentials and the like are a 401. */
export function refusalForGateway({ code, field = 'method' }: Refusal, told: Told): Refusal {
  const isSetUp = code === 'method_not_allowed' || OF_GATEWAY.has(field)
  return isSetUp ? gatewaySetUpTrouble(field, told) : refuse('invalid_token')
}
