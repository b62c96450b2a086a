import {
  createSessions,
  IDLE_SECONDS,
  type ModelSession,
  renewAfterOf,
  type Sessions,
} from './model-sessions.ts'
import { answer, dressed, json, MOODS, type Mood, problem, refusal, type Scope } from './moods.ts'
import type { Story } from './story.ts'
import type { Answer, Sent } from './wire.ts'

/** The server, the back end behind it, and what may go wrong in and before both. */
export interface ModelServer {
  readonly sessions: Sessions
  /** How often the back end did what a call of the app asked for. */
  readonly executions: Map<number, number>
  handle(sent: Sent): Answer
  /** Whether it was the app's own wrapper that used an old token: the client does not know when its requests end. */
  isWrapperThief(): boolean
  setMood(mood: Mood, untilMs: number): void
  calm(): void
}

export function createModelServer(story: Story, nowMs: () => number): ModelServer {
  const sessions = createSessions(nowMs)
  const executions = new Map<number, number>()
  let isWrapperThief = false
  let moods: { readonly mood: Mood; readonly untilMs: number }[] = []

  function moodOf(sent: Sent): Answer | null {
    const scopes = scopesOf(sent)
    const found = moods.find(({ mood, untilMs }) => nowMs() < untilMs && scopes.includes(MOODS[mood].of))
    return found === undefined ? null : MOODS[found.mood].answer()
  }

  function work(sent: Sent): Answer {
    const path = new URL(sent.url).pathname.replace(/^\/yaopai/, '')
    if (path === '/login') return login(sessions, sent, nowMs())
    if (path === '/public') return json(200, { call: sent.call })
    const verdict = sessions.authenticate(sent.token)
    if (!verdict.ok && verdict.code === 'reuse_detected' && sent.isWrapper) isWrapperThief = true
    if (!verdict.ok) return refusal(verdict.code, verdict.class, verdict.status)
    const own = ROUTES[`${sent.method} ${path}`]
    if (own !== undefined) return own(sessions, verdict.session, sent, nowMs())
    if (sent.call !== null) executions.set(sent.call, (executions.get(sent.call) ?? 0) + 1)
    return json(200, { call: sent.call })
  }

  return {
    sessions,
    executions,
    isWrapperThief: () => isWrapperThief,
    handle: (sent) => dressed(moodOf(sent) ?? work(sent), story.dress),
    setMood(mood, untilMs) {
      moods = [{ mood, untilMs }, ...moods]
    },
    calm() {
      moods = []
    },
  }
}

function scopesOf(sent: Sent): readonly Scope[] {
  if (/\/login$/.test(sent.url)) return ['all', 'auth', 'login']
  return sent.call === null ? ['all', 'auth'] : ['all', 'business']
}

function login(sessions: Sessions, sent: Sent, nowMs: number): Answer {
  const { code, nonce, device } = Object(sent.data)
  const deviceId = typeof Object(device).id === 'string' ? String(Object(device).id) : null
  const verdict = sessions.login(code, nonce, deviceId)
  if (!verdict.ok) return refusal(verdict.code, verdict.class, verdict.status)
  return json(200, {
    token: verdict.token,
    expiresAt: iso(verdict.session.endsAtMs),
    idleSeconds: IDLE_SECONDS,
    renewAfter: iso(renewAfterOf(verdict.session, verdict.session.createdAtMs)),
    session: sessionView(verdict.session),
    user: USER,
    isNew: nowMs === verdict.session.createdAtMs,
  })
}

type Route = (sessions: Sessions, session: ModelSession, sent: Sent, nowMs: number) => Answer

const ROUTES: Record<string, Route> = {
  'POST /session/renew': (sessions, session, sent, nowMs) =>
    json(200, {
      token: sessions.renew(session, sent.token ?? ''),
      expiresAt: iso(session.endsAtMs),
      renewAfter: iso(renewAfterOf(session, nowMs)),
    }),
  'DELETE /session': (sessions, session) => {
    sessions.end(session, 'logged_out')
    return answer(204, '', {})
  },
  'GET /session': (_, session) => json(200, { session: sessionView(session), user: USER }),
  'GET /me': () => json(200, USER),
  'POST /me/phone': () => json(200, { phone: '156****1234' }),
  'POST /me/open-data': (sessions, _, sent) => {
    const key = Number(/^key-(\d+)$/.exec(String(Object(sent.data).encryptedData))?.[1])
    if (sessions.keys().includes(key))
      return json(200, { userInfo: { nickName: 'Alice' }, integrity: 'none' })
    return problem(422, 'session_key_stale', 'relogin', 0)
  },
}

const USER = {
  id: 'usr_1',
  nickname: 'Alice',
  avatarUrl: null,
  phone: null,
  createdAt: '2026-01-01T00:00:00.000Z',
}

function sessionView(session: ModelSession): object {
  return {
    id: `ses_${session.number}`,
    appid: 'wxa1b2c3d4e5f60718',
    createdAt: iso(session.createdAtMs),
    expiresAt: iso(session.endsAtMs),
    idleSeconds: IDLE_SECONDS,
    device: { id: session.deviceId, brand: null, model: null, platform: null, label: null },
  }
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}
