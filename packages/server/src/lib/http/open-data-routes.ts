import type { z } from 'zod'
import type { OpenDataInput } from '../use-open-data.ts'
import { parseCiphertext } from '../wechat/open-data.ts'
import { json, type Refusal, refuse } from './answer.ts'
import { openDataShape } from './answer-schemas.ts'
import { noQuery, type Route, sessionRoute } from './route.ts'
import { openDataBody } from './schemas.ts'

const STALE_DETAIL = 'Log in, let WeChat make the data anew, and send it again'

const useOpenData = sessionRoute({
  method: 'POST',
  path: '/me/open-data',
  listeners: ['public'],
  summary: 'Check data that WeChat encrypted or signed for the caller',
  query: noQuery,
  body: { format: 'json', schema: openDataBody },
  success: { status: 200, schema: openDataShape },
  refusals: ['session_key_stale', 'conflict', 'rate_limited'],
  handle: async ({ caller, deps, limits, body, origin }) => {
    const input = readInput(body)
    if (!input.ok) return input.refusal
    const waitSeconds = await limits.openData(caller.selector)
    if (waitSeconds !== null) return refuse('rate_limited', { retryAfterSeconds: waitSeconds })
    const result = await deps.useOpenData(caller, input.value, origin)
    if (result.ok) return json({ userInfo: result.userInfo, integrity: result.integrity })
    if (result.code === 'conflict') return refuse('conflict', { detail: 'This data was used before' })
    return refuse('session_key_stale', { detail: STALE_DETAIL })
  },
})

export const openDataRoutes: readonly Route[] = [useOpenData]

type Read =
  | { readonly ok: true; readonly value: OpenDataInput }
  | { readonly ok: false; readonly refusal: Refusal }

function readInput(body: z.infer<typeof openDataBody>): Read {
  const { encryptedData, iv, rawData, signature } = body
  if (encryptedData === undefined && rawData === undefined) return misfit('encryptedData', 'is missing')
  if (encryptedData !== undefined && iv === undefined) return misfit('iv', 'is missing')
  if (encryptedData === undefined && iv !== undefined) return misfit('encryptedData', 'is missing')
  if (rawData !== undefined && signature === undefined) return misfit('signature', 'is missing')
  if (rawData === undefined && signature !== undefined) return misfit('rawData', 'is missing')
  const signed = rawData === undefined || signature === undefined ? null : { rawData, signature }
  if (encryptedData === undefined || iv === undefined) {
    return { ok: true, value: { encrypted: null, signed } }
  }
  const encrypted = parseCiphertext(encryptedData, iv)
  if (encrypted !== null) return { ok: true, value: { encrypted, signed } }
  return misfit('encryptedData', 'and iv must be base64 of whole blocks of 16 bytes, as WeChat gave them')
}

function misfit(field: string, wrong: string): Read {
  return { ok: false, refusal: refuse('invalid_request', { field, detail: `${field} ${wrong}` }) }
}
