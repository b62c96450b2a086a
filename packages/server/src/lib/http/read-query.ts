import { refuse } from './answer.ts'
import type { Target } from './asked.ts'
import { fromPairs, type ReadBody } from './read-body.ts'

/** Each name once, escapes that are UTF-8. */
export function readQuery(url: Target): ReadBody {
  if (isDecodable(url.search)) return fromPairs(url.searchParams, 'query')
  const detail = 'The query holds an escape that is not UTF-8'
  return { ok: false, refusal: refuse('invalid_request', { field: 'query', detail }) }
}

/** `URLSearchParams` mends what is broken; what is kept must be what was sent. */
function isDecodable(search: string): boolean {
  try {
    decodeURIComponent(search)
    return true
  } catch {
    return false
  }
}
