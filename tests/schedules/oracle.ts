import type { App } from './app.ts'
import { badErrorOf, type CallRecord, complaintOf } from './calls.ts'
import type { ModelServer } from './model-server.ts'
import { isOwn } from './places.ts'
import type { StorageState } from './storage.ts'
import type { Answer, Sent } from './wire.ts'
import type { Life, World } from './world.ts'

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

/** What is known of the app that runs. */
interface Known {
  token: string | null
  isOut: boolean
  /** A refusal that means out has come in, and is being taken up. */
  isGoingOut: boolean
  heardBefore: number
  heard: number
  /** Ends on purpose, of which each may be heard of once. */
  ends: number
  loginsInFlight: number
  loginsAtMs: number[]
  /** Allowances for the bound on logins: calls of the app's that may ask for one. */
  asksAtMs: number[]
  ownRequestsAtMs: number[]
  callsAtMs: number[]
  clockJumps: number
}

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
const DAY_MS = 86_400_000
const LOGINS_A_MINUTE = 3
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

  /** Three logins a minute are promised, and no more: the fourth token that dies in it stays dead for a while. */
  function isOverLimit(call: CallRecord): boolean {
    return deaths >= LOGINS_A_MINUTE && Object(call.error).code === 'rate_limited'
  }

  /**
   * The second of two tokens that died under one call is one too many: it is sent twice and no more. What a call of the
   * client's own sent is not known by its call; a token that was dead before the story began died in no step of it.
   */
  function isTwiceUnlucky(call: CallRecord): boolean {
    return call.refusedTokens.size > 1 || (call.sends === 0 && (deaths > 1 || refused.size > 1))
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
    judgeCalls() {
      for (const call of calls) {
        const text = complaintOf(call) ?? badErrorOf(call)
        if (text !== null) complain(`[2] ${text}`)
        if (isTroubled || !call.mustSucceed || isTwiceUnlucky(call) || isOverLimit(call)) continue
        if (call.life.dead) continue
        if (call.outcome !== 'ok' || call.status >= 400) {
          complain(`[9] ${call.what} failed where nothing was wrong: ${call.status} ${String(call.error)}`)
        }
      }
      for (const [number, times] of server.executions) {
        if (times > 1 && calls[number]?.isIdempotent === false)
          complain(`[3] the back end did call ${number} ${times} times`)
      }
    },
    judgeSessions() {
      for (const session of sessions.all()) {
        if (session.ended?.reason === 'reuse_detected' && !server.isWrapperThief())
          complain('[6] the server took the client for a thief')
        const ageMs = (session.ended?.atMs ?? world.nowMs()) - session.createdAtMs
        const allowed = Math.ceil(ageMs / DAY_MS) + 2 + known.clockJumps
        if (session.retired.size > allowed)
          complain(`[11] renewed ${session.retired.size} times in ${ageMs} ms`)
      }
    },
  }
}

function nobody(): Known {
  return {
    token: null,
    isOut: false,
    isGoingOut: false,
    heardBefore: 0,
    heard: 0,
    ends: 0,
    loginsInFlight: 0,
    loginsAtMs: [],
    asksAtMs: [],
    ownRequestsAtMs: [],
    callsAtMs: [],
    clockJumps: 0,
  }
}

function judgeAddress(sent: Sent, complain: (text: string) => void): void {
  if (/yp1_/.test(sent.url)) complain('[7] a token in an address')
  if (sent.token !== null && !isOwn(sent.url)) {
    complain(`[7] the token went to ${sent.url}`)
  }
}

function judgeSends(calls: readonly CallRecord[], sent: Sent, complain: (text: string) => void): void {
  const call = sent.call === null || sent.isWrapper ? undefined : calls[sent.call]
  if (call === undefined) return
  call.sends += 1
  const allowed = call.isIdempotent ? 2 : 1
  if (call.sends > allowed) complain(`[3] ${call.what} was sent ${call.sends} times`)
}

function tokenIn(answer: Answer): unknown {
  return answer.body.startsWith('{"token"') ? Object(JSON.parse(answer.body)).token : null
}

/** What Yaopai says with an answer, as far as the client can see it: of a download it gets no body. */
export function classOf(sent: Pick<Sent, 'kind'>, { status, header, body }: Answer): string | null {
  if (status !== 401 && status !== 403) return null
  const inHeader = /yaopai_class="(\w+)"/.exec(header['WWW-Authenticate'] ?? '')?.[1]
  if (inHeader !== undefined) return inHeader
  if (sent.kind === 'download' || !body.startsWith('{')) return null
  const inBody: unknown = Object(JSON.parse(body)).class
  return typeof inBody === 'string' ? inBody : null
}

export type { Known, Life }
