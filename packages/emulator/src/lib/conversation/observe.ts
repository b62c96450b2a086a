import { type KeptBody, readBody } from './kept-body.ts'
import { prettyJson } from './pretty-json.ts'
import type { SeenMessage, Sighting } from './sighting.ts'

type Judgement = Pick<Sighting, 'label' | 'outcome' | 'status' | 'reason'>

function jsonOf(body: KeptBody | undefined): Record<string, unknown> {
  const text = (body && readBody(body)?.text) ?? ''
  if (prettyJson(text) === text && !/^\{.*\}$/s.test(text.trim())) return {}
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}

/** `Bearer error="invalid_token", yaopai_code="expired"`: a code of the server's own says more than the standard's. */
function challengeReason(headers: SeenMessage['headers']): string | undefined {
  const challenge = headers.find(([name]) => name.toLowerCase() === 'www-authenticate')?.[1] ?? ''
  return /\b\w+_code="([^"]+)"/.exec(challenge)?.[1] ?? /\berror="([^"]+)"/.exec(challenge)?.[1]
}

const REASON_FIELDS = ['code', 'error', 'reason', 'errcode', 'msg', 'message', 'errmsg', 'detail', 'title']

function textIn(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value
  return typeof value === 'number' ? String(value) : undefined
}

function bodyReason(json: Record<string, unknown>): string | undefined {
  const places = [json, Object(json['error'])] as Record<string, unknown>[]
  for (const place of places) {
    const field = REASON_FIELDS.find((name) => textIn(place[name]) !== undefined)
    if (field !== undefined) return textIn(place[field])
  }
  return undefined
}

/** Many back ends say 200 and mean it not: `{ "code": 401, "msg": "…" }`. */
function refusedInside(json: Record<string, unknown>): string | undefined {
  const code = json['code'] ?? json['errcode'] ?? json['status']
  if (typeof code !== 'number') return undefined
  const isRefusal = (code >= 400 && code < 600) || (code >= 40_000 && code < 60_000)
  const text = textIn(json['msg']) ?? textIn(json['message']) ?? textIn(json['errmsg'])
  return isRefusal ? [code, text].filter((part) => part !== undefined).join(' ') : undefined
}

/** What an HTTP answer comes to. */
export function judgeAnswer(status: number, statusText: string, message: SeenMessage): Judgement {
  const json = jsonOf(message.body)
  if (status >= 400) {
    const reason = challengeReason(message.headers) ?? bodyReason(json) ?? statusText
    return {
      label: `${status} ${reason}`.trim(),
      status,
      reason,
      outcome: status >= 500 ? 'failed' : 'refused',
    }
  }
  const reason = refusedInside(json)
  const label = `${status} ${reason ?? statusText}`.trim()
  return reason === undefined
    ? { label, status, outcome: 'ok' }
    : { label, status, reason, outcome: 'refused' }
}

/** `POST /login`: what stands on the arrow of a request. */
export function requestLabel(method: string, url: URL): string {
  return `${method} ${url.pathname}`
}
