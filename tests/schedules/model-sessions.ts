/** What the contract says of sessions and their tokens, once more and by itself: no code of the server's is used. */
const HOUR_MS = 3_600_000
export const IDLE_SECONDS = 259_200
const IDLE_MS = IDLE_SECONDS * 1000
const ABSOLUTE_MS = 2_592_000_000
const FORGET_MS = 2_592_000_000
const GRACE_MS = 30_000
const CODE_MS = 300_000
const REPLAY_MS = 60_000

export interface ModelSession {
  readonly number: number
  readonly deviceId: string | null
  readonly createdAtMs: number
  readonly endsAtMs: number
  idleUntilMs: number
  current: string
  pending: string | null
  /** Tokens that were replaced, and until when each is still good. */
  readonly retired: Map<string, { readonly next: string; readonly untilMs: number }>
  ended: { readonly reason: string; readonly atMs: number } | null
}

interface Code {
  readonly mintedAtMs: number
  readonly key: number
  used: { readonly atMs: number; readonly nonce: string | null; readonly token: string } | null
}

export type Verdict =
  | { readonly ok: true; readonly session: ModelSession }
  | { readonly ok: false; readonly code: string; readonly class: string; readonly status: number }

export type LoginVerdict =
  | { readonly ok: true; readonly session: ModelSession; readonly token: string }
  | Extract<Verdict, { ok: false }>

export interface Sessions {
  mintCode(key: number): string
  login(code: unknown, nonce: unknown, deviceId: string | null): LoginVerdict
  authenticate(token: string | null): Verdict
  /** As `authenticate`, and changes nothing. */
  wouldOpen(token: string): boolean
  renew(session: ModelSession, token: string): string
  end(session: ModelSession, reason: string): void
  endAll(reason: string): void
  /** As if the database had been put back. */
  forget(): void
  /** A session from before, with its token. */
  plant(): string
  setBanned(isBanned: boolean): void
  keys(): readonly number[]
  nameOf(token: string): string
  all(): readonly ModelSession[]
}

const RELOGIN = new Set([
  'missing_token',
  'invalid_token',
  'expired',
  'idle_timeout',
  'replaced',
  'code_invalid',
  'code_used',
])

function refused(code: string): Extract<Verdict, { ok: false }> {
  if (code === 'banned') return { ok: false, code, class: 'denied', status: 403 }
  return { ok: false, code, class: RELOGIN.has(code) ? 'relogin' : 'signed_out', status: 401 }
}

export function createSessions(nowMs: () => number): Sessions {
  const codes = new Map<string, Code>()
  const byToken = new Map<string, ModelSession>()
  const names = new Map<string, string>()
  const sessions: ModelSession[] = []
  let keyRing: readonly number[] = []
  let isBanned = false
  let tokens = 0

  function newToken(session: ModelSession | null): string {
    tokens += 1
    const token = `yp1_${`${tokens}`.padStart(52, 'A')}000000`
    names.set(token, `T${tokens}`)
    if (session !== null) byToken.set(token, session)
    return token
  }

  function start(deviceId: string | null): ModelSession {
    const createdAtMs = nowMs()
    const session: ModelSession = {
      number: sessions.length + 1,
      deviceId,
      createdAtMs,
      endsAtMs: createdAtMs + ABSOLUTE_MS,
      idleUntilMs: createdAtMs + IDLE_MS + HOUR_MS,
      current: newToken(null),
      pending: null,
      retired: new Map(),
      ended: null,
    }
    byToken.set(session.current, session)
    sessions.push(session)
    return session
  }

  function end(session: ModelSession, reason: string): void {
    session.ended ??= { reason, atMs: nowMs() }
  }

  /** Why it is dead, or null; an act outranks time. */
  function deathOf(session: ModelSession): { readonly reason: string; readonly atMs: number } | null {
    if (session.ended !== null) return session.ended
    const atMs = Math.min(session.idleUntilMs, session.endsAtMs)
    if (nowMs() < atMs) return null
    return { reason: atMs === session.endsAtMs ? 'expired' : 'idle_timeout', atMs }
  }

  function judge(token: string | null): Verdict {
    if (token === null) return refused('missing_token')
    const session = byToken.get(token)
    if (session === undefined) return refused('invalid_token')
    const death = deathOf(session)
    if (death !== null) return refused(nowMs() - death.atMs > FORGET_MS ? 'invalid_token' : death.reason)
    return isBanned ? refused('banned') : { ok: true, session }
  }

  function isOverGrace(session: ModelSession, token: string): boolean {
    const retired = session.retired.get(token)
    return retired !== undefined && nowMs() > retired.untilMs
  }

  function authenticate(token: string | null): Verdict {
    const verdict = judge(token)
    if (!verdict.ok || token === null) return verdict
    const { session } = verdict
    if (isOverGrace(session, token)) {
      end(session, 'reuse_detected')
      return refused('reuse_detected')
    }
    if (token === session.pending) {
      session.retired.set(session.current, { next: token, untilMs: nowMs() + GRACE_MS })
      session.current = token
      session.pending = null
    }
    const touchedAtMs = session.idleUntilMs - IDLE_MS - HOUR_MS
    if (nowMs() - touchedAtMs >= HOUR_MS) session.idleUntilMs = nowMs() + IDLE_MS + HOUR_MS
    return verdict
  }

  function answerAgain(used: NonNullable<Code['used']>, nonce: unknown): LoginVerdict {
    const isSame = used.nonce !== null && used.nonce === nonce && nowMs() - used.atMs <= REPLAY_MS
    const verdict = isSame ? judge(used.token) : null
    if (verdict === null || !verdict.ok || verdict.session.current !== used.token) return refused('code_used')
    return { ok: true, session: verdict.session, token: used.token }
  }

  return {
    mintCode(key) {
      const code = `code-${codes.size + 1}`
      codes.set(code, { mintedAtMs: nowMs(), key, used: null })
      return code
    },
    login(text, nonce, deviceId) {
      const code = codes.get(String(text))
      if (code === undefined) return refused('code_invalid')
      if (code.used !== null) return answerAgain(code.used, nonce)
      if (nowMs() - code.mintedAtMs > CODE_MS) return refused('code_invalid')
      keyRing = [code.key, ...keyRing.filter((key) => key !== code.key)].slice(0, 3)
      if (isBanned) return refused('banned')
      for (const one of sessions) {
        if (deviceId !== null && one.deviceId === deviceId && deathOf(one) === null) end(one, 'replaced')
      }
      const session = start(deviceId)
      code.used = { atMs: nowMs(), nonce: typeof nonce === 'string' ? nonce : null, token: session.current }
      return { ok: true, session, token: session.current }
    },
    authenticate,
    wouldOpen(token) {
      const verdict = judge(token)
      return verdict.ok && !isOverGrace(verdict.session, token)
    },
    renew(session, token) {
      if (token !== session.current) return session.retired.get(token)?.next ?? token
      session.pending ??= newToken(session)
      return session.pending
    },
    end,
    endAll(reason) {
      for (const session of sessions) if (deathOf(session) === null) end(session, reason)
    },
    forget: () => byToken.clear(),
    plant: () => start(null).current,
    setBanned(next) {
      isBanned = next
    },
    keys: () => keyRing,
    nameOf: (token) => names.get(token) ?? 'a foreign token',
    all: () => sessions,
  }
}

/** Never before a third of the idle time, never after the end. */
export function renewAfterOf(session: ModelSession, fromMs: number): number {
  return Math.min(fromMs + IDLE_MS / 3, session.endsAtMs)
}
