import type { Arrow } from '../../lib/conversation/arrow.ts'
import {
  ANY_FAILURE,
  ANY_GOOD_ANSWER,
  ANY_LOGIN_ANSWER,
  ANY_REFUSAL,
  BUSINESS_401,
  GOOD_ANSWERS,
  LEAKED_KEY,
  LOST_ANSWER,
} from './answers.ts'
import { ERRCODES } from './errcodes.ts'
import type { Explanation } from './explanation.ts'
import { ANY_NOTE, NOTES } from './notes.ts'
import { ANY_ANONYMOUS_REQUEST, ANY_LOGIN, ANY_REQUEST, PHONE_CALLS } from './phone-calls.ts'
import { LOGIN_REASONS } from './reasons-login.ts'
import { type Reason, TOKEN_REASONS } from './reasons-token.ts'
import { SERVER_CALLS } from './server-calls.ts'
import { ANY_WECHAT_CALL, WECHAT_CALLS } from './wechat-calls.ts'

export type { Explanation }

export const REASONS: Readonly<Record<string, Reason>> = { ...TOKEN_REASONS, ...LOGIN_REASONS }

/** `POST` and `/me/sessions/*` of a call; the path without origin and query. */
export function routeOf(call: Arrow | undefined): { method: string; path: string } {
  const text = call?.message?.startLine ?? call?.label ?? ''
  const [, method = '', target = ''] = /^([A-Z]+)\s+(\S+)/.exec(text) ?? []
  const path = target.replace(/^\w+:\/\/[^/]+/, '').replace(/[?#].*$/, '')
  return { method, path: path.replace(/\/ses_[^/]+/, '/*') }
}

/** Many servers have a `POST /login` that takes a code; ours is told a nonce with it. */
function isForeignLogin(call: Arrow | undefined): boolean {
  const { method, path } = routeOf(call)
  const body = call?.message?.body ?? ''
  return method === 'POST' && path === '/login' && body !== '' && !/"nonce"/.test(body)
}

/** A route of ours; `wx.request` cannot say PATCH and says POST. */
function serverCall(call: Arrow | undefined): string | undefined {
  const { method, path } = routeOf(call)
  if (isForeignLogin(call)) return undefined
  const asked = method === 'POST' && /\/me$/.test(path) ? 'PATCH' : method
  return `${asked} ${path}` in SERVER_CALLS ? `${asked} ${path}` : undefined
}

function carriesToken(arrow: Arrow): boolean {
  const headers = arrow.message?.headers ?? []
  return /‹token/.test(arrow.label) || headers.some(([name]) => name.toLowerCase() === 'authorization')
}

function explainCall(arrow: Arrow): Explanation {
  if (arrow.kind === 'wechat') return WECHAT_CALLS[routeOf(arrow).path] ?? ANY_WECHAT_CALL
  const server = serverCall(arrow)
  if (server !== undefined && SERVER_CALLS[server] !== undefined) return SERVER_CALLS[server]
  const own = PHONE_CALLS[arrow.kind]
  if (own !== undefined) return own
  if (/‹code/.test(arrow.message?.body ?? arrow.label)) return ANY_LOGIN
  return carriesToken(arrow) ? ANY_REQUEST : ANY_ANONYMOUS_REQUEST
}

/** A login of a server that is none of ours: a code went there, a login state came back. */
function letsIn(arrow: Arrow, call: Arrow | undefined): boolean {
  if (arrow.kind === 'wechat' || serverCall(call) !== undefined) return false
  const given = `${arrow.message?.body} ${arrow.message?.headers.join(' ')}`
  return /‹code/.test(call?.message?.body ?? '') && /‹(?:token|cookie)/.test(given)
}

function goodAnswer(arrow: Arrow, call: Arrow | undefined): Explanation {
  if (arrow.to.startsWith('phone:') && /‹session_key/.test(arrow.message?.body ?? '')) return LEAKED_KEY
  if (letsIn(arrow, call)) return ANY_LOGIN_ANSWER
  const name = arrow.kind === 'wechat' ? routeOf(call).path : (serverCall(call) ?? arrow.kind)
  return GOOD_ANSWERS[name] ?? ANY_GOOD_ANSWER
}

function ofReason(reason: Reason, general: Explanation): Explanation {
  return { what: reason.what, why: reason.why, without: general.without, cure: reason.cure }
}

function explainAnswer(arrow: Arrow, call: Arrow | undefined): Explanation {
  const { outcome, reason = '', status } = arrow
  if (outcome === 'lost') return LOST_ANSWER
  if (outcome === undefined || outcome === 'ok') return goodAnswer(arrow, call)
  const general = outcome === 'failed' ? ANY_FAILURE : ANY_REFUSAL
  const known = arrow.kind === 'wechat' ? ERRCODES[reason] : REASONS[reason]
  if (known !== undefined) return ofReason(known, general)
  return status === 401 ? BUSINESS_401 : general
}

/** What an arrow is, why it is there, and what would be without it; `partner` is the other half of its exchange. */
export function explain(arrow: Arrow, partner: Arrow | undefined): Explanation {
  if (arrow.part === 'note') return (arrow.action && NOTES[arrow.action]) ?? ANY_NOTE
  return arrow.part === 'call' ? explainCall(arrow) : explainAnswer(arrow, partner)
}
