import type { Origin, Services } from '../services.ts'
import { type Answer, statusOf } from './answer.ts'
import type { Listener, Route } from './route.ts'

interface Served {
  readonly listener: Listener
  readonly method: string
  readonly route: Route | null
  readonly answer: Answer
  readonly ms: number
}

const METHOD = /^[A-Z]{3,7}$/

/**
 * One line a request. Of the URL only the route's pattern is told: paths and queries come from strangers and may
 * hold codes.
 */
export function logRequest(
  { telemetry }: Pick<Services, 'telemetry'>,
  served: Served,
  { requestId, ip }: Origin,
): void {
  const { listener, answer, route } = served
  const status = statusOf(answer)
  const code = answer.kind === 'refusal' ? answer.code : null
  if (code === 'rate_limited') telemetry.count('rate_limited', { route: route?.path ?? 'none' })
  telemetry.log(status >= 500 ? 'info' : 'debug', 'http.request', {
    listener,
    method: METHOD.test(served.method) ? served.method : 'other',
    route: route?.path ?? 'none',
    status,
    code,
    ms: served.ms,
    requestId,
    ip,
  })
}
