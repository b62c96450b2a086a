import type { App } from './app.ts'
import type { CallRecord } from './calls.ts'
import { type End, judgeCalls, judgeSessions, LOGINS_A_MINUTE } from './judge-end.ts'
import { classOf, judgeAddress, judgeSends, tokenIn } from './judge-wire.ts'
import { type Known, nobody } from './known.ts'
import type { ModelServer } from './model-server.ts'
import type { StorageState } from './storage.ts'
import type { Answer, Sent } from './wire.ts'
import type { World } from './world.ts'

/*
 * What holds in every run, whatever happens:
 *
 *  1 One wx.login at a time, none while a token is there that lives and was not refused, and few in a minute.
 *  2 Every call of the app's settles, once; callbacks are called once; nothing throws from inside; no rejection is
 *    left alone; every failure is a typed error.
 *  3 What may not be sent twice is sent once; what may, at most twice. The back end does the former once at most.
 *  4 Once the user is out on purpose there is no wx.login and no token leaves until the app calls login(), after a
 *    restart neither; the app hears of it once.
 *  5 A token that the server would take is given up for one reason only: it was refused, replaced by one that lives,
 *    or the app logged out. A late refusal of an older one is none.
 *  6 The client never makes the server believe in a theft.
 *  7 The token goes to its own origins, in its header, and nowhere else.
 *  8 Whatever Storage does, nobody notices but the next start.
 *  9 Where nothing is wrong, everything that may be sent twice succeeds; when all that was wrong is over, so does the
 *    next request, and the first tap on what needs session_key.
 * 10 No openid and no session_key in Storage.
 * 11 Renewals keep their distance, and so does all other traffic of the client's own.
 */

export interface Oracle {
  /** What went wrong first; null: nothing. */
  readonly complaint: string | null
  readonly known: Known
  readonly calls: CallRecord[]
  complain(text: string): void
  onStart(app: App): void
  onKill(): void
  observe(app: App): void
  onLoginBegun(): void
  onLoginEnded(): void
  onSent(sent: Sent): void
  onAnswer(sent: Sent, answer: Answer): void
  /** The app's own wrapper shows the client what its request was answered with. */
  onShown(call: number): void
  onAppCall(what: string, mayLogIn: boolean): void
  onAppLogin(): void
  onAppLogout(app: App): void
  onSignedOutHeard(): void
  onStorageTrouble(): void
  onTrouble(): void
  onDeath(): void
  onClockJump(): void
  deaths(): number
  /** How often wx.login was called, over all starts. */
  logins(): number
  isUntroubled(): boolean
  judgeCalls(): void
  judgeSessions(): void
}

export interface OracleParts {
  readonly world: World
  readonly server: ModelServer
  readonly storageState: () => StorageState
  /** How many calls are open that may log in though the token lives: login() itself, open data. */
  readonly openAsks: () => number
}

interface Refusal {
  readonly token: string
  readonly errorClass: string
  readonly status: number
}

const MINUTE_MS = 60_000
const OWN_REQUESTS_A_MINUTE = 12

export function createOracle(parts: OracleParts): Oracle {
  const { world, server, storageState, openAsks } = parts
  const { sessions } = server
  const refused = new Set<string>()
  const delivered = new Set<string>()
  const calls: CallRecord[] = []
  const unshown = new Map<number, Refusal>()
  const kept: { token: string | null; isOut: boolean; isSure: boolean } = {
    token: null,
    isOut: false,
    isSure: false,
  }
  let known = nobody()
  let complaint: string | null = null
  let isTroubled = false
  let deaths = 0
  let logins = 0

  function atEnd(): End {
    return {
      calls,
      server,
      deaths,
      isTroubled,
      complain,
      nowMs: world.nowMs(),
      refusals: refused.size,
      clockJumps: known.clockJumps,
    }
  }

  function complain(text: string): void {
    complaint ??= text
  }

  function nameOf(token: string | null): string {
    return token === null ? 'no token' : sessions.nameOf(token)
  }

  function judgeChange(from: string, to: string | null): void {
    if (!sessions.wouldOpen(from) || refused.has(from) || known.isOut || known.isGoingOut) return
    if (to !== null && delivered.has(to) && sessions.wouldOpen(to)) return
    complain(`[5] gave up ${nameOf(from)}, which lives and was not refused, for ${nameOf(to)}`)
  }

  function keepIfWritten(app: App): void {
    kept.isSure = storageState() === 'well'
    kept.token = known.token
    kept.isOut = app.yaopai.signedOut !== null
  }

  function settleGoingOut(app: App): void {
    known.isGoingOut = false
    known.isOut = true
    if (known.token !== null) complain(`[4] still has ${nameOf(known.token)} after an end on purpose`)
    if (app.yaopai.signedOut === null) complain('[4] does not say why it is signed out')
    if (known.heard === known.heardBefore) complain('[4] nobody heard of an end on purpose')
    keepIfWritten(app)
  }

  function judgeRejections(app: App): void {
    for (const reason of app.lonely.values()) complain(`[2] nobody listens to a rejection: ${String(reason)}`)
  }

  function hearRefusal({ token, errorClass, status }: Refusal): void {
    refused.add(token)
    if (errorClass !== 'signed_out' || token !== known.token || known.isOut) return
    if (known.isGoingOut || status !== 401) return
    known.isGoingOut = true
    known.heardBefore = known.heard
    known.ends += 1
  }

  function tooMany(timesMs: number[], allowed: number): boolean {
    const nowMs = world.nowMs()
    while (timesMs.length > 0 && (timesMs[0] ?? 0) <= nowMs - MINUTE_MS) timesMs.shift()
    return timesMs.length > allowed
  }

  function countOf(timesMs: number[]): number {
    tooMany(timesMs, 0)
    return timesMs.length
  }

  return {
    get complaint() {
      return complaint
    },
    get known() {
      return known
    },
    calls,
    complain,
    onStart(app) {
      const before = kept.isSure ? kept : null
      known = nobody()
      known.token = app.yaopai.token()
      known.isOut = app.yaopai.signedOut !== null
      if (before === null) return
      if (before.isOut && !known.isOut) complain('[4] a restart forgot that the user is out')
      const isLost = before.token !== null && before.token !== known.token && !known.isOut
      if (isLost && sessions.wouldOpen(before.token ?? '')) {
        complain(`[5] a restart lost ${nameOf(before.token)}, which was in Storage`)
      }
    },
    onKill() {
      if (known.isGoingOut) kept.isSure = false
    },
    observe(app) {
      const token = app.yaopai.token()
      if (token !== known.token) {
        if (known.token !== null) judgeChange(known.token, token)
        if (token !== null && known.isOut) complain(`[4] took ${nameOf(token)} while the user is out`)
        known.token = token
        keepIfWritten(app)
      }
      if (!app.isQuiet()) return
      if (known.isGoingOut) settleGoingOut(app)
      if (app.lonely.size > 0) judgeRejections(app)
    },
    onLoginBegun() {
      logins += 1
      known.loginsInFlight += 1
      known.loginsAtMs.push(world.nowMs())
      if (known.loginsInFlight > 1) complain(`[1] ${known.loginsInFlight} wx.login at a time`)
      if (known.isOut) complain('[4] called wx.login while the user is out')
      const { token } = known
      const isNeedless =
        token !== null && sessions.wouldOpen(token) && !refused.has(token) && openAsks() === 0
      if (isNeedless) complain(`[1] called wx.login though ${nameOf(token)} lives and was not refused`)
      if (known.clockJumps > 0) return
      if (tooMany(known.loginsAtMs, LOGINS_A_MINUTE * (1 + countOf(known.asksAtMs)))) {
        complain(`[1] ${known.loginsAtMs.length} wx.login within a minute`)
      }
    },
    onLoginEnded() {
      known.loginsInFlight -= 1
    },
    onSent(sent) {
      judgeAddress(sent, complain)
      const isFarewell = sent.method === 'DELETE' && sent.call === null
      if (known.isOut && sent.token !== null && !isFarewell)
        complain('[4] sent a token while the user is out')
      judgeSends(calls, sent, complain)
      if (sent.call !== null || sent.isWrapper) return
      known.ownRequestsAtMs.push(world.nowMs())
      if (tooMany(known.ownRequestsAtMs, OWN_REQUESTS_A_MINUTE + 3 * countOf(known.callsAtMs))) {
        complain(`[11] ${known.ownRequestsAtMs.length} requests of the client's own within a minute`)
      }
    },
    onAnswer(sent, answer) {
      const token = /^yp1_/.test(String(tokenIn(answer))) ? String(tokenIn(answer)) : null
      if (token !== null && answer.status === 200) delivered.add(token)
      if (sent.token === null || sent.kind === 'connect') return
      const errorClass = classOf(sent, answer)
      if (errorClass === null) return
      if (sent.call !== null) calls[sent.call]?.refusedTokens.add(sent.token)
      const told = { token: sent.token, errorClass, status: answer.status }
      if (sent.isWrapper && sent.call !== null) unshown.set(sent.call, told)
      else hearRefusal(told)
    },
    onShown(call) {
      const told = unshown.get(call)
      if (told !== undefined) hearRefusal(told)
    },
    onAppCall(_, mayLogIn) {
      known.callsAtMs.push(world.nowMs())
      if (mayLogIn) known.asksAtMs.push(world.nowMs())
    },
    onAppLogin() {
      known.isOut = false
      known.isGoingOut = false
      kept.isSure = false
    },
    onAppLogout(app) {
      if (app.yaopai.token() !== null) complain('[4] logout() left a token')
      if (known.isOut) return
      Object.assign(known, { isOut: true, isGoingOut: false, token: null, ends: known.ends + 1 })
      keepIfWritten(app)
    },
    onSignedOutHeard() {
      known.heard += 1
      if (known.heard > known.ends) complain(`[4] heard of ${known.heard} ends and there were ${known.ends}`)
    },
    onStorageTrouble() {
      kept.isSure = false
    },
    onTrouble() {
      isTroubled = true
    },
    onDeath() {
      deaths += 1
    },
    onClockJump() {
      known.clockJumps += 1
    },
    deaths: () => deaths,
    logins: () => logins,
    isUntroubled: () => !isTroubled,
    judgeCalls: () => judgeCalls(atEnd()),
    judgeSessions: () => judgeSessions(atEnd()),
  }
}
