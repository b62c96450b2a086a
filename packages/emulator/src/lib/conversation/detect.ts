import { isOpaque, kindOfField, looksLikeToken, type Place } from './fields.ts'
import type { Hit, SecretKind, Secrets } from './secrets.ts'
import { plainOf, type View, viewsOf } from './views.ts'

/** What is known of secrets, and of what is none although it looks like one. */
export interface Knowledge {
  secrets: Secrets
  /** openids and unionids: they say who somebody is and open nothing. */
  identities: Set<string>
}

/** `"token": "…"`, `token=…`, `<token>…`, and a form's `name="token"`, each with the value as the last group that matched. */
const FIELDS: readonly RegExp[] = [
  /"([\w.-]{1,64})"\s*:\s*(?:"((?:[^"\\]|\\.)*)"?|(\d{6,}))/dg,
  /(?:^|[?&#;,\s({"'])([\w.[\]-]{1,64})=([^&\s;"'<>\\#]+)/dg,
  /<([\w.-]{1,64})>\s*(?:<!\[CDATA\[)?([^<\]]+)/dg,
  /name="([\w.[\]-]{1,64})"(?:\r?\n[^\r\n]+)*\r?\n\r?\n([^\r\n]+)/dg,
]

const IDENTITY_FIELD = /^(?:open|union)_?id$/i

function noteIdentity(known: Knowledge, field: string, value: string, place: Place): void {
  if (place === 'wechat' && IDENTITY_FIELD.test(field) && value !== '') known.identities.add(value)
}

function kindOf(known: Knowledge, field: string, value: string, place: Place): SecretKind | undefined {
  if (value === '' || known.identities.has(value)) return undefined
  const kind = kindOfField(field, value, place)
  if (kind !== undefined || place !== 'login-answer') return kind
  return looksLikeToken(field, value) ? 'token' : undefined
}

const SCHEME = /^[A-Za-z][\w-]*\s+(?=\S)/

/** Headers that were written down keep their scheme. */
function schemeIn(field: string, value: string): string {
  return /authorization$/i.test(field) ? (SCHEME.exec(value)?.[0] ?? '') : ''
}

function hitOf(known: Knowledge, match: RegExpExecArray, place: Place): Hit | undefined {
  const group = match.indices?.[3] ? 3 : 2
  const range = match.indices?.[group]
  if (!range) return undefined
  const field = plainOf(match[1] ?? '')
  const scheme = schemeIn(field, match[group] ?? '')
  const value = plainOf((match[group] ?? '').slice(scheme.length))
  noteIdentity(known, field, value, place)
  const kind = kindOf(known, field, value, place)
  if (kind === undefined) return undefined
  return {
    start: range[0] + scheme.length,
    end: range[1],
    secret: known.secrets.name(kind, value, isOpaque(value)),
  }
}

function inView(known: Knowledge, view: View, place: Place): Hit[] {
  return FIELDS.flatMap((pattern) => [...view.text.matchAll(pattern)]).flatMap((match) => {
    const hit = hitOf(known, match, place)
    return hit ? [{ ...hit, ...view.sourceOf(hit.start, hit.end) }] : []
  })
}

/** `https://name:password@host` */
const USER_INFO = /:\/\/[^\s/?#@:"]*:([^\s/?#@"]+)@/dg

function inUserInfo(known: Knowledge, view: View): Hit[] {
  return [...view.text.matchAll(USER_INFO)].flatMap(({ 1: password = '', indices }) => {
    const hits = whole(known, 'password', password, indices?.[1]?.[0] ?? 0)
    return hits.map((hit) => ({ ...hit, ...view.sourceOf(hit.start, hit.end) }))
  })
}

/** Secrets by the names of the fields that hold them, wherever in a text they stand and however they are escaped. */
export function detectInText(known: Knowledge, text: string, place: Place): Hit[] {
  return viewsOf(text).flatMap((view) => [...inView(known, view, place), ...inUserInfo(known, view)])
}

function whole(known: Knowledge, kind: SecretKind, value: string, start: number): Hit[] {
  if (value === '' || known.identities.has(value)) return []
  const secret = known.secrets.name(kind, plainOf(value), isOpaque(plainOf(value)))
  return [{ start, end: start + value.length, secret }]
}

/** The password in `Basic …` is one wherever else it travels. */
function noteBasic(known: Knowledge, credentials: string, kind: SecretKind): void {
  const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(credentials, 'base64').toString()) ?? []
  if (password !== '') known.secrets.name(kind, password, isOpaque(password))
}

function inAuthorization(known: Knowledge, value: string, place: Place): Hit[] {
  const scheme = SCHEME.exec(value)?.[0] ?? ''
  const credentials = value.slice(scheme.length)
  const isBasic = /^basic\s/i.test(scheme)
  const kind = place === 'tap' ? 'API key' : isBasic ? 'password' : 'token'
  if (isBasic) noteBasic(known, credentials, kind)
  return whole(known, kind, credentials, scheme.length)
}

function inCookies(known: Knowledge, value: string): Hit[] {
  return [...value.matchAll(/(?:^|;)\s*[^=;]+=([^;]*)/dg)].flatMap((match) => {
    return whole(known, 'cookie', match[1] ?? '', match.indices?.[1]?.[0] ?? 0)
  })
}

/** The cookie's attributes are no secrets. */
function inSetCookie(known: Knowledge, value: string): Hit[] {
  return inCookies(known, value.split(';', 1)[0] ?? '')
}

/** Headers that talk about tokens without holding one. */
const TALK = /^(www-authenticate|proxy-authenticate|access-control-|sec-websocket-|content-|x-yaopai-)/

/** Secrets in the value of a header. */
export function detectInHeader(known: Knowledge, name: string, value: string, place: Place): Hit[] {
  const lower = name.toLowerCase()
  if (/^(proxy-)?authorization$/.test(lower)) return inAuthorization(known, value, place)
  if (lower === 'cookie') return inCookies(known, value)
  if (lower === 'set-cookie') return inSetCookie(known, value)
  const kind = TALK.test(lower) ? undefined : kindOf(known, lower.replace(/^x-/, ''), value, place)
  return kind === undefined ? detectInText(known, value, place) : whole(known, kind, value, 0)
}
