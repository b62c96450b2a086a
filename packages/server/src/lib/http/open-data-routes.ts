import type * as z from 'zod'
import type { OpenDataInput } from '../use-open-data.ts'
import { json, type Refusal, refuse } from './answer.ts'
import { openDataShape } from './answer-schemas.ts'
import { noQuery, type Route, sessionRoute } from './route.ts'
import { openDataBody } from './schemas.ts'

const STALE_DETAIL = 'Log in, let WeChat make the data anew, and send it again'

const useOpenData = sessionRoute({
  method: 'POST',
  path: '/me/open-data',
  listeners: ['public'],
  summary: 'Check data that WeChat encrypted or signed for the caller; 10 a minute for each session',
  query: noQuery,
  body: { format: 'json', schema: openDataBody },
  success: { status: 200, schema: openDataShape },
  refusals: ['session_key_stale', 'conflict', 'rate_limited'],
  handle: async ({ caller, deps, limits, body, origin }) => {
    const incomplete = missingPart(body)
    if (incomplete !== null) return incomplete
    const waitSeconds = await limits.openData(caller.selector)
    if (waitSeconds !== null) return refuse('rate_limited', { retryAfterSeconds: waitSeconds })
    const result = await deps.useOpenData(caller, inputOf(body), origin)
    if (result.ok) return json({ userInfo: result.userInfo, integrity: result.integrity })
    if (result.code === 'conflict') return refuse('conflict', { detail: 'This data was used before' })
    return refuse('session_key_stale', { detail: STALE_DETAIL })
  },
})

export const openDataRoutes: readonly Route[] = [useOpenData]

type Body = z.infer<typeof openDataBody>

const PAIRS = [
  ['encryptedData', 'iv'],
  ['rawData', 'signature'],
] as const

/** Each of the two kinds of data has two parts; one kind has to be there. */
function missingPart(body: Body): Refusal | null {
  for (const [one, other] of PAIRS) {
    if ((body[one] === undefined) === (body[other] === undefined)) continue
    return missing(body[one] === undefined ? one : other)
  }
  return body.iv === undefined && body.rawData === undefined ? missing('encryptedData') : null
}

function inputOf({ encryptedData, iv, rawData, signature }: Body): OpenDataInput {
  return {
    encrypted: encryptedData === undefined || iv === undefined ? null : { encryptedData, iv },
    signed: rawData === undefined || signature === undefined ? null : { rawData, signature },
  }
}

function missing(field: string): Refusal {
  return refuse('invalid_request', { field, detail: `${field} is missing` })
}
