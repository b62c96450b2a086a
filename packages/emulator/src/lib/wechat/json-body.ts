import { type Refusal, refuse } from './refusal.ts'
import type { WechatRequest } from './wechat-request.ts'

type JsonBody = { ok: true; fields: Record<string, unknown> } | Refusal

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    // Own properties alone: a body of `[]` or `"x"` has no fields.
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value))
  } catch {
    // No JSON, such as the form that many HTTP clients send by default.
  }
  return undefined
}

/** The JSON body of a POST, whatever content type it claims to be. */
export function readJsonBody({ method, body }: WechatRequest): JsonBody {
  if (method !== 'POST') return refuse(43002)
  if (body.length === 0) return refuse(44002)
  const fields = parseObject(body.toString('utf8'))
  return fields ? { ok: true, fields } : refuse(47001)
}
