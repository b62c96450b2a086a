import type { SecretKind } from './secrets.ts'

/** Where a text was seen: the same name means other things there. */
export type Place = 'wechat' | 'login-answer' | 'tap' | 'elsewhere'

const IDENTITY = /^(open|union)id$/
const HARMLESS =
  /type|expir|ttl|seconds|count|limit|name$|ur[li]$|endpoint|valid|status|hint|scope|challenge|policy/
const TOKEN =
  /token|jwt|skey|ticket|credential|^auth$|authorization|bearer|session(id|token|value)?$|^sid$|sessid|useruuid/
/** Of an address that opens a file in somebody's storage for who has it. WeChat's own `signature` opens nothing. */
const SIGNED_ADDRESS = /^(q|xamz|xgoog|xoss)signature$/
const CODE_VALUE = /^(?=.*\d)[\w-]{16,}$/

function isWechatsOwn(name: string): SecretKind | undefined {
  if (name === 'secret') return 'AppSecret'
  return name === 'accesstoken' ? 'access_token' : undefined
}

function kindOfName(name: string): SecretKind | undefined {
  if (name.endsWith('sessionkey')) return 'session_key'
  if (name.endsWith('appsecret')) return 'AppSecret'
  if (name.endsWith('apikey')) return 'API key'
  if (/passw(or)?d$|^pwd$|passphrase$/.test(name)) return 'password'
  if (name === 'nonce') return 'nonce'
  if (SIGNED_ADDRESS.test(name)) return 'secret'
  if (HARMLESS.test(name)) return undefined
  if (TOKEN.test(name)) return 'token'
  return /secret(key)?$/.test(name) ? 'secret' : undefined
}

/** What a field of this name holds, or undefined where it is no secret. Names are compared without case, `_`, `-` and `.`. */
export function kindOfField(field: string, value: string, place: Place): SecretKind | undefined {
  const name = field.replace(/[-_.[\]]/g, '').toLowerCase()
  if (IDENTITY.test(name)) return undefined
  if (/^(js|wx|wechat|login|phone)?code$/.test(name)) return CODE_VALUE.test(value) ? 'code' : undefined
  return (place === 'wechat' ? isWechatsOwn(name) : undefined) ?? kindOfName(name)
}

const NOT_THE_TOKEN =
  /(^|_)id$|Id$|ID$|openid|unionid|ur[li]|avatar|nick|name|phone|time|date|at$|version|trace|request|signature/i
const TOKEN_LIKE = /^(?=.*\d)(?=.*[A-Za-z])[\w.~+/=:|-]{16,}$/

/**
 * What a login answers is a token under any name: teams call it `user_uuid`, `key`, `3rd`. Ids, dates and addresses are not.
 */
export function looksLikeToken(field: string, value: string): boolean {
  if (NOT_THE_TOKEN.test(field) || !TOKEN_LIKE.test(value)) return false
  return !/^\d{4}-\d\d-\d\d|^[a-z]+:\/\//i.test(value)
}

/** Whether a value is so much its own that it may be looked for everywhere, and will not be met by chance. */
export function isOpaque(value: string): boolean {
  return value.length >= 8 && !/\s/.test(value) && (/\d/.test(value) || value.length >= 20)
}
