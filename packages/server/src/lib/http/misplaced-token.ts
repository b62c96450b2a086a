import { type Refusal, refuse } from './answer.ts'
import type { Target } from './asked.ts'
import { tokenMisplaced } from './read-body.ts'
import type { Listener } from './route.ts'

const NAMES = new Set(['token', 'access_token', 'yaopai_token'])
const TOKEN = /^y[pk]1_/

/**
 * A token in URL or cookie lands in logs and histories and is sent by itself: it is refused, so that nobody comes to
 * rely on it. Behind a gateway cookies are the business's own, whatever their names; there only a token counts.
 */
export function misplacedToken(url: Target, cookie: string | null, listener: Listener): Refusal | null {
  for (const [name, value] of url.searchParams) {
    if (NAMES.has(name) || TOKEN.test(value)) return refusal(NAMES.has(name) ? name : 'query')
  }
  return cookie !== null && hasTokenInCookie(cookie, listener) ? refusal('cookie') : null
}

export function hasTokenInCookie(cookie: string, listener: Listener): boolean {
  return cookie.split(';').some((pair) => {
    const [name = '', value = ''] = pair.trim().split('=', 2)
    return TOKEN.test(value) || (listener === 'public' && NAMES.has(name))
  })
}

function refusal(field: string): Refusal {
  return refuse('invalid_request', tokenMisplaced(field))
}
