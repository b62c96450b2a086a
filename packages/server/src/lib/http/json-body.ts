import { scanJson } from '../json-scan.ts'
import { nameOf } from './fit.ts'

type JsonBody =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly field: string; readonly detail: string }

/**
 * Parses JSON (RFC 8259) and refuses what two parsers could read in two ways: invalid UTF-8, a key twice in one
 * object, numbers beyond a double, lone surrogates; also depth beyond 8, and keys that name a prototype.
 */
export function parseJsonBody(raw: Uint8Array): JsonBody {
  const text = decodeUtf8(raw)
  if (text === null) return misfit([], 'send UTF-8')
  const value = parse(text)
  if (value === undefined) return misfit([], 'is not JSON: send one JSON object')
  const wrong = scanJson(text)
  return wrong === null ? { ok: true, value } : misfit(wrong.path, wrong.detail)
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function decodeUtf8(raw: Uint8Array): string | null {
  try {
    return UTF8.decode(raw)
  } catch {
    return null
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function misfit(path: readonly string[], detail: string): JsonBody {
  const field = nameOf(path)
  return { ok: false, field, detail: `${field} ${detail}` }
}
