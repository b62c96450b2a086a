import type { Hit, Secret, Secrets } from './secrets.ts'
import { viewsOf } from './views.ts'

/** Letters of base64 and base64url, enough of them to hold a secret. */
const BASE64_RUN = /[A-Za-z0-9+/_-]{8,}={0,2}/g

/** Base64 within base64. */
const DEEPEST_BASE64 = 2

/** A run may have begun before the base64 does, so each of the four ways to cut it is tried. */
function secretInside(secrets: Secrets, run: string, depth: number): Secret | undefined {
  for (let skip = 0; skip < 4; skip += 1) {
    const text = Buffer.from(run.slice(skip), 'base64').toString()
    const [hit] = hitsIn(secrets, text, depth)
    if (hit) return hit.secret
  }
  return undefined
}

function inBase64(secrets: Secrets, text: string, depth: number): Hit[] {
  if (depth === 0) return []
  return [...text.matchAll(BASE64_RUN)].flatMap(({ 0: run, index }) => {
    const secret = secretInside(secrets, run, depth - 1)
    return secret ? [{ start: index, end: index + run.length, secret }] : []
  })
}

function hitsIn(secrets: Secrets, text: string, depth: number): Hit[] {
  return viewsOf(text).flatMap((view) => {
    const hits = [...secrets.find(view.text), ...inBase64(secrets, view.text, depth)]
    return hits.map((hit) => ({ ...hit, ...view.sourceOf(hit.start, hit.end) }))
  })
}

/** Where known secrets stand in a text: as they are, percent-encoded, escaped as JSON does, in base64, or several of that. */
export function findSecrets(secrets: Secrets, text: string): Hit[] {
  return secrets.version() === 0 ? [] : hitsIn(secrets, text, DEEPEST_BASE64)
}

/** Hits that touch become one, under the name of the longest. */
function merged(hits: readonly Hit[]): Hit[] {
  const result: { hit: Hit; longest: number }[] = []
  for (const hit of [...hits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1)
    const length = hit.end - hit.start
    if (!last || hit.start >= last.hit.end) {
      result.push({ hit: { ...hit }, longest: length })
      continue
    }
    last.hit.end = Math.max(last.hit.end, hit.end)
    if (length > last.longest)
      Object.assign(last, { longest: length, hit: { ...last.hit, secret: hit.secret } })
  }
  return result.map(({ hit }) => hit)
}

/** The text with a name in the place of each secret. */
export function maskHits(text: string, hits: readonly Hit[]): string {
  let [masked, from] = ['', 0]
  for (const { start, end, secret } of merged(hits)) {
    masked += text.slice(from, start) + secret.name
    from = end
  }
  return masked + text.slice(from)
}
