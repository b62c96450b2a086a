/** The characters of a path segment (RFC 3986) but `%` and `;`, which proxies and back ends read in different ways. */
const PLAIN = /^\/[A-Za-z0-9\-._~!$&'()*+,=:@/]*$/
const AMBIGUOUS = /\/\/|\/\.\.?(?:\/|$)/

/**
 * Whether a path reads alike for everyone on the way: no escapes, no empty or dot segments, no parameters, ASCII
 * alone. Routes need none of those, so what has them is refused instead of guessed at.
 */
export function isCanonicalPath(path: string): boolean {
  return PLAIN.test(path) && !AMBIGUOUS.test(path)
}
