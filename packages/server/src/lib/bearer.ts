/** What an `Authorization` header says. `ambiguous`: it cannot be read in one way only. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'ambiguous' }

const BEARER = /^bearer(?: +(\S*))?$/i

/**
 * Reads `Authorization: Bearer <token>` (RFC 6750, section 2.1). A header sent twice arrives joined by a comma,
 * and then no guess is made which one counts. Other schemes carry no token of ours.
 */
export function readBearer(authorization: string | null | undefined): Credentials {
  const header = authorization ?? ''
  if (header.includes(',')) return { kind: 'ambiguous' }
  if (!/^bearer(?:\s|$)/i.test(header)) return { kind: 'none' }
  const match = BEARER.exec(header)
  if (match === null) return { kind: 'ambiguous' }
  return match[1] ? { kind: 'bearer', token: match[1] } : { kind: 'none' }
}
