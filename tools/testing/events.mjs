// A node:test reporter: one JSON line for each event that the runner wants, errors as text.
import { inspect } from 'node:util'

const wanted = new Set(['test:dequeue', 'test:start', 'test:pass', 'test:fail'])

// biome-ignore lint/style/noDefaultExport: node:test takes a reporter as the default export of its file
export default async function* events(source) {
  for await (const { type, data } of source) {
    if (!wanted.has(type)) continue
    const { name, nesting, skip, todo, details } = data
    const error = details?.error && describe(details.error)
    const line = { type, name, nesting, skip, todo, kind: details?.type, ms: details?.duration_ms, error }
    yield `${JSON.stringify(line)}\n`
  }
}

// The wrapper says only that a test failed; its cause says why.
function describe(error) {
  const cause = error.cause ?? error
  const text = typeof cause === 'string' ? cause : inspect(cause)
  return { text: text.replace(/\n +at [^\n]*node:internal[^\n]*/g, ''), failureType: error.failureType }
}
