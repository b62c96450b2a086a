import type { ErrorRequestHandler, Response } from 'express'

/** The demo's own refusals, in the same shape as Yaopai's (RFC 9457), so that a client reads one kind only. */
const REFUSALS = {
  invalid_request: { status: 400, title: 'The request does not fit' },
  not_found: { status: 404, title: 'There is nothing here' },
  conflict: { status: 409, title: 'The cart is full' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'This kind of content is not taken here' },
} as const

type RefusalCode = keyof typeof REFUSALS

export function refuse(response: Response, code: RefusalCode, field?: string): void {
  const { status, title } = REFUSALS[code]
  const problem = { type: `/problems/${code}`, title, status, code, class: 'input' }
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ ...problem, field }))
}

/** A body that cannot be read is the client's fault; everything else stays what it is, a bug. */
export const refuseBadBody: ErrorRequestHandler = (error, _request, response, next) => {
  const type: unknown = error?.type
  if (type === 'entity.too.large') return refuse(response, 'payload_too_large', 'body')
  if (typeof type === 'string' && error.status < 500) return refuse(response, 'invalid_request', 'body')
  next(error)
}
