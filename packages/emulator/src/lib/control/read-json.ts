import type { IncomingMessage } from 'node:http'
import { readBytes } from '../http/read-bytes.ts'

export type Body =
  | { ok: true; value: unknown }
  | { ok: false; status: 400 | 413 | 415; error: string; message: string; cure: string }

const USUAL_LIMIT_BYTES = 1_048_576
export const STATE_LIMIT_BYTES = 67_108_864

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function parseJson(text: string): Body {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unreadable'
    return {
      ok: false,
      status: 400,
      error: 'bad_json',
      message: `the body is no JSON: ${message}`,
      cure: 'send JSON',
    }
  }
}

/** The JSON body of a control request; undefined where there is none. */
export async function readJson(req: IncomingMessage, limit: number = USUAL_LIMIT_BYTES): Promise<Body> {
  const bytes = await readBytes(req, limit)
  if (!bytes) {
    const message = `the body is longer than ${limit} bytes`
    return { ok: false, status: 413, error: 'too_large', message, cure: 'send less' }
  }
  if (bytes.length === 0) return { ok: true, value: undefined }
  const type = (req.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    const message = `content-type is ${type ? JSON.stringify(type) : 'missing'}, not application/json`
    const cure = "add -H 'content-type: application/json'"
    return { ok: false, status: 415, error: 'not_json', message, cure }
  }
  const text = decode(bytes)
  if (text !== undefined) return parseJson(text)
  return { ok: false, status: 400, error: 'not_utf8', message: 'the body is not UTF-8', cure: 'send UTF-8' }
}
