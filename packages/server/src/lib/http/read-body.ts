import type { Refusal } from './answer.ts'
import { refuse } from './answer.ts'
import type { Asked } from './asked.ts'
import { decodeUtf8, parseJsonBody } from './json-body.ts'
import { MAX_BODY_BYTES } from './max-body.ts'
import type { BodyFormat } from './route.ts'

const JSON_TYPE = /^application\/json *(?:; *charset="?utf-8"? *)?$/i
const FORM_TYPE = /^application\/x-www-form-urlencoded *(?:; *charset="?utf-8"? *)?$/i

export type ReadBody =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly refusal: Refusal }

/** Reads the body as the route takes it; everything that is not exactly that is refused. */
export async function readBody(request: Asked, format: BodyFormat): Promise<ReadBody> {
  if (format === 'unread') return { ok: true, value: undefined }
  if (format === 'none') return readNothing(request)
  const type = request.headers.get('content-type') ?? ''
  const encoding = request.headers.get('content-encoding')
  const expected = format === 'json' ? 'application/json' : 'application/x-www-form-urlencoded'
  if (!(format === 'json' ? JSON_TYPE : FORM_TYPE).test(type) || encoding !== null) {
    const isTokenInForm = format === 'json' && FORM_TYPE.test(type) && (await holdsToken(request))
    if (isTokenInForm) return refused(refuse('invalid_request', tokenMisplaced('token')))
    return refused(refuse('unsupported_media_type', { detail: `Send ${expected} in UTF-8, not compressed` }))
  }
  const raw = await readBytes(request)
  if (!raw.ok) return raw
  return format === 'json' ? fromJson(raw.value) : fromForm(raw.value)
}

/** Where a token stands that belongs into the header, and there alone. */
export function tokenMisplaced(field: string): { readonly field: string; readonly detail: string } {
  return { field, detail: 'Send the token as Authorization: Bearer <token>, and nowhere else' }
}

async function readNothing(request: Asked): Promise<ReadBody> {
  if (!request.mayHaveBody) return { ok: true, value: undefined }
  const raw = await readBytes(request)
  if (!raw.ok) return raw
  if (raw.value.length === 0) return { ok: true, value: undefined }
  return refused(misfit('body', 'This route takes no body: leave it out'))
}

async function holdsToken(request: Asked): Promise<boolean> {
  const raw = await readBytes(request)
  const form = new URLSearchParams(raw.ok ? new TextDecoder().decode(raw.value) : '')
  return form.has('token') || form.has('access_token')
}

function fromJson(raw: Uint8Array): ReadBody {
  const parsed = parseJsonBody(raw)
  return parsed.ok ? parsed : refused(misfit(parsed.field, parsed.detail))
}

function fromForm(raw: Uint8Array): ReadBody {
  const text = decodeUtf8(raw)
  return text === null ? refused(misfit('body', 'Send UTF-8')) : fromPairs(new URLSearchParams(text), 'body')
}

/** Query and form alike: each name once. @param whole what to name when the name itself is odd */
export function fromPairs(pairs: URLSearchParams, whole: string): ReadBody {
  const values = new Map<string, string>()
  for (const [name, value] of pairs) {
    if (!/^[A-Za-z_]{1,64}$/.test(name)) return refused(misfit(whole, 'A parameter has an odd name'))
    if (values.has(name)) return refused(misfit(name, `${name} stands twice`))
    values.set(name, value)
  }
  return { ok: true, value: Object.fromEntries(values) }
}

type ReadBytes =
  | { readonly ok: true; readonly value: Uint8Array }
  | { readonly ok: false; readonly refusal: Refusal }

async function readBytes(request: Asked): Promise<ReadBytes> {
  const declared = request.headers.get('content-length')
  if (declared !== null && Number(declared) > MAX_BODY_BYTES) return tooLarge()
  try {
    const value = await request.readBytes()
    return value !== null && value.length <= MAX_BODY_BYTES ? { ok: true, value } : tooLarge()
  } catch {
    return refused(misfit('body', 'The body ended early'))
  }
}

function tooLarge(): { readonly ok: false; readonly refusal: Refusal } {
  const detail = `The body may have ${MAX_BODY_BYTES} bytes at most`
  return refused(refuse('payload_too_large', { detail }))
}

function refused(refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal }
}

function misfit(field: string, detail: string): Refusal {
  return refuse('invalid_request', { field, detail })
}
