import type { LoginView } from '../../protocol.ts'
import { isoTime } from '../clock.ts'
import type { ErrorCode } from '../errors.ts'
import { classicNickname } from '../identity/nickname.ts'
import type { LoginRequest, LoginResult } from '../login.ts'
import type { DeviceRecord } from '../records.ts'
import { renewAfterMs } from '../session/lifetime.ts'
import { sessionView, userView } from '../views.ts'
import { type Answer, json, refuse } from './answer.ts'
import { classicShape, loginShape } from './answer-schemas.ts'
import { classicApp, loginApp } from './login-app.ts'
import { type Call, noBody, noQuery, openRoute, type Route } from './route.ts'
import { classicQuery, loginBody } from './schemas.ts'

const LOGIN_REFUSALS = [
  'app_mismatch',
  'app_disabled',
  'banned',
  'code_invalid',
  'code_used',
  'login_blocked',
  'rate_limited',
  'unknown_app',
  'wechat_misconfigured',
  'wechat_quota',
  'wechat_unavailable',
] as const satisfies readonly ErrorCode[]

const NO_DEVICE: DeviceRecord = { id: null, brand: null, model: null, platform: null, label: null }

const login = openRoute({
  method: 'POST',
  path: '/login',
  listeners: ['public'],
  auth: 'none',
  summary: 'Log in with the code of wx.login',
  query: noQuery,
  body: { format: 'json', schema: loginBody },
  success: { status: 200, schema: loginShape },
  refusals: LOGIN_REFUSALS,
  handle: async (call) => {
    const { body, deps } = call
    const target = loginApp(deps, body.appid, call.headers.get('referer'))
    if (!target.ok) return target.refusal
    const request = { code: body.code, nonce: body.nonce ?? null, nickname: null }
    const { id = null, brand = null, model = null, platform = null, label = null } = body.device ?? {}
    const device: DeviceRecord = { id, brand, model, platform, label }
    return logIn(call, { ...request, appid: target.app.appid, device }, loginView)
  },
})

const classicLogin = openRoute({
  method: 'GET',
  path: '/login',
  listeners: ['public'],
  auth: 'none',
  summary: 'Log in over the wire of the classic tutorial',
  query: classicQuery,
  body: noBody,
  success: { status: 200, schema: classicShape },
  refusals: LOGIN_REFUSALS,
  servedOnly: 'where exactly one app has `classicLogin` on',
  isServed: (deps) => classicApp(deps) !== null,
  whenLeftOut:
    'GET /login is served once "classicLogin": true is set for one app; else log in by POST /login',
  handle: async (call) => {
    const { query, deps } = call
    const target = loginApp(deps, classicApp(deps)?.appid, call.headers.get('referer'))
    if (!target.ok) return target.refusal
    const nickname = classicNickname(query.userInfo)
    const request = { code: query.code, nonce: null, nickname }
    return logIn(call, { ...request, appid: target.app.appid, device: NO_DEVICE }, (result) => ({
      user_uuid: result.token,
    }))
  },
})

export const loginRoutes: readonly Route[] = [login, classicLogin]

type LoggedIn = Extract<LoginResult, { ok: true }>

async function logIn(
  { deps, limits, origin }: Call,
  request: Omit<LoginRequest, 'origin'>,
  view: (result: LoggedIn) => object,
): Promise<Answer> {
  const { ip } = origin
  const waitSeconds = limits.codeHold(ip, request.appid) ?? (await limits.login(ip, request.appid))
  if (waitSeconds !== null) return refuse('rate_limited', { retryAfterSeconds: waitSeconds })
  const result = await deps.login({ ...request, origin })
  if (!result.ok && result.code === 'code_invalid') await limits.codeMiss(ip, request.appid)
  if (!result.ok) return refuse(result.code, { retryAfterSeconds: result.retryAfterSeconds })
  return json(view(result))
}

function loginView({ token, session, user, isNew }: LoggedIn): LoginView {
  return {
    token,
    expiresAt: isoTime(session.absoluteDeadlineMs),
    idleSeconds: session.idleSeconds,
    renewAfter: isoTime(renewAfterMs(session, session.createdAtMs)),
    session: sessionView(session),
    user: userView(user),
    isNew,
  }
}
