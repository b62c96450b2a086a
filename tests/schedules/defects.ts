import assert from 'node:assert/strict'
import type { Outcome } from './play.ts'
import type { Mutant } from './sdk.ts'
import { type Act, PLAIN, type Step, type Story } from './story.ts'

/** A defect that other clients have, the story that shows it, and a change that would bring it here. */
export interface Defect {
  readonly title: string
  readonly story: Story
  /** What must hold beside the rules. */
  readonly holds?: (outcome: Outcome) => void
  readonly mutants: readonly (Mutant & { readonly isFoundByChance: boolean })[]
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

function steps(...acts: readonly (Act | number)[]): Step[] {
  let waitMs = 0
  const found: Step[] = []
  for (const act of acts) {
    if (typeof act === 'number') waitMs += act
    else {
      found.push({ waitMs, act })
      waitMs = 0
    }
  }
  return found
}

const get = (times = 1): Act => ({ do: 'request', times, method: 'GET', place: 'path', style: 'promise' })
const post = (times = 1): Act => ({ do: 'request', times, method: 'POST', place: 'path', style: 'promise' })
const pass = (forMs: number): Act => ({ do: 'pass', forMs })
const mutant = (name: string, file: string, find: string, put: string, isFoundByChance = true) => ({
  name,
  file,
  find,
  put,
  isFoundByChance,
})

function logins(expected: number) {
  return ({ logins: found }: Outcome) => assert.equal(found, expected, 'number of wx.login')
}

export const defects: readonly Defect[] = [
  {
    title: '[F58] ten pages that start at once make one login',
    story: { ...PLAIN, steps: steps({ do: 'ready' }, get(10), { do: 'ready' }, 1, post(3)) },
    holds: logins(1),
    mutants: [
      mutant(
        'each caller logs in',
        'login.ts',
        'if (login) return core.loginEnds',
        'if (login && !isSilent) return core.loginEnds',
      ),
    ],
  },
  {
    title: '[F59] ten refusals at once make one login, and all ten requests are answered',
    story: { ...PLAIN, delaysMs: [1, 3, 2], steps: steps(get(), 1000, { do: 'forgetSessions' }, get(10)) },
    holds: (outcome) => {
      logins(2)(outcome)
      assert.ok(outcome.calls.every((call) => call.outcome === 'ok' && call.status === 200))
    },
    mutants: [
      mutant(
        'the queue replays the last one alone',
        'send.ts',
        'if (isCurable && job.isIdempotent && !isSecond) return',
        'if (isCurable && job.isIdempotent && !isSecond && !core.busy) return',
      ),
      mutant(
        'each refusal forgets the token that the first one brought',
        'badge.ts',
        'if (sentToken !== keptOf(core, true).token) return true',
        '',
      ),
    ],
  },
  {
    title: '[F60] a late refusal of an old token does not touch the new one',
    story: {
      ...PLAIN,
      delaysMs: [1, 1, 1, 1, 1, 300, 1, 1, 1, 1],
      steps: steps({ do: 'ready' }, 1000, { do: 'forgetSessions' }, get(4), 2000, get()),
    },
    holds: logins(2),
    mutants: [
      mutant(
        'any refusal clears what is there',
        'badge.ts',
        'if (sentToken !== keptOf(core, true).token) return true',
        '',
      ),
    ],
  },
  {
    title: '[F59] a refused POST is not sent again, and the next request finds a token',
    story: { ...PLAIN, steps: steps({ do: 'ready' }, 1000, { do: 'forgetSessions' }, post(), 1000, get()) },
    holds: (outcome) => {
      logins(2)(outcome)
      assert.equal(outcome.calls[1]?.outcome, 'failed')
      assert.equal(outcome.calls[2]?.outcome, 'ok')
    },
    mutants: [
      mutant(
        'what is refused is replayed, whatever it is',
        'send.ts',
        'isCurable && job.isIdempotent && !isSecond',
        'isCurable && !isSecond',
      ),
    ],
  },
  {
    title: '[F59] a server that refuses every token gets each request twice, and no storm of logins',
    story: {
      ...PLAIN,
      steps: steps(
        { do: 'mood', mood: 'refuses every token', forMs: HOUR_MS },
        get(3),
        5000,
        get(),
        5000,
        get(),
        5000,
        get(),
      ),
    },
    mutants: [
      mutant(
        'it tries until it works',
        'send.ts',
        'isCurable && job.isIdempotent && !isSecond',
        'isCurable && job.isIdempotent',
      ),
    ],
  },
  {
    title: "[F59] a proxy's own 401 is no refusal of ours, and logs nobody out",
    story: {
      ...PLAIN,
      steps: steps(
        { do: 'ready' },
        1000,
        { do: 'mood', mood: 'a portal says 401', forMs: 60_000 },
        get(2),
        1000,
        { do: 'mood', mood: 'business 401', forMs: 60_000 },
        get(2),
      ),
    },
    holds: logins(1),
    mutants: [
      mutant(
        'any 401 counts',
        'refusal.ts',
        'if (!code || !CLASS.test(errorClass)) return null',
        "if (!code || !CLASS.test(errorClass)) return statusCode === 401 ? new YaopaiError('invalid_token', 'relogin', '', { status: 401 }) : null",
      ),
    ],
  },
  {
    title: '[R35] who was signed out on purpose stays out, after a restart too',
    story: {
      ...PLAIN,
      steps: steps(
        { do: 'ready' },
        1000,
        { do: 'end', reason: 'revoked_by_admin' },
        get(3),
        1000,
        { do: 'restart' },
        get(2),
        1000,
        get(),
      ),
    },
    // The last one is what the story's end asks for, with login().
    holds: logins(2),
    mutants: [
      mutant(
        'signed out is a reason to log in',
        'badge.ts',
        "if (errorClass === 'signed_out') signOut(core, refusal.code)",
        '',
      ),
      mutant(
        'a silent login comes back from being out',
        'login.ts',
        'if (keptOf(core).out) return signedOutError(core)',
        '',
        false,
      ),
      mutant(
        'it is not written down',
        'badge.ts',
        "keep(core, { token: '', next: '', user: null, out })",
        "core.kept = Object.assign({}, core.kept, { token: '', next: '', user: null, out })",
      ),
    ],
  },
  {
    title: '[F58] a login that ends after logout() brings nobody back',
    story: { ...PLAIN, delaysMs: [50], steps: steps({ do: 'ready' }, 70, { do: 'logout' }, 2000, get()) },
    mutants: [
      mutant(
        'it is taken all the same',
        'login.ts',
        'if (core.ends === ends) return admit(core, badge)',
        'return admit(core, badge)',
      ),
    ],
  },
  {
    title: '[F58] a login that failed is not remembered for ever',
    story: { ...PLAIN, steps: steps({ do: 'loginFails', times: 3, silently: false }, get(3), 60_000, get()) },
    mutants: [
      mutant(
        'the failed login is shared for ever',
        'login.ts',
        'core.login.then(() => settle(), settle)',
        'core.login.then(() => settle(), nothing)',
      ),
    ],
  },
  {
    title: '[F58] an answer to a login that was lost is asked for again, with the same code',
    story: { ...PLAIN, steps: steps({ do: 'lose', way: 'down', times: 1, silently: false }, get(2)) },
    holds: logins(1),
    mutants: [
      mutant(
        'a new code each time',
        'login.ts',
        'if (isAnswered(failure) || !attempt.nonce) attempt = undefined',
        'attempt = undefined',
        false,
      ),
    ],
  },
  {
    title: '[F62] a token in daily use is renewed long before it is due, and nobody logs in again',
    story: {
      ...PLAIN,
      steps: steps(...Array.from({ length: 10 }, () => [get(2), pass(DAY_MS + HOUR_MS)]).flat()),
    },
    holds: (outcome) => {
      logins(1)(outcome)
      const renewals = outcome.sessions[0]?.retired.size ?? 0
      assert.ok(renewals >= 8 && renewals <= 11, `${renewals} renewals in ten days`)
    },
    mutants: [
      mutant(
        'it is never due',
        'renew.ts',
        'return !kept.next && nowMs >= kept.renewAtMs',
        'return nowMs < 0 && nowMs >= kept.renewAtMs',
        false,
      ),
      mutant(
        "the server's times are read with the phone's clock",
        'badge.ts',
        'renewAtMs: nowMs + renewEveryMs,\n',
        'renewAtMs: Date.parse(renewAfter) - 9 * DAY_MS,\n',
      ),
    ],
  },
  {
    title: '[F62] a renewed token waits until nothing under way carries the old one',
    story: {
      ...PLAIN,
      leftover: 'classic-live',
      delaysMs: [1, 40_000],
      steps: steps(get(12), 35_000, get(2), 35_000, get(2), 40_000, get(2)),
    },
    mutants: [
      mutant('it is used at once', 'badge.ts', 'if (!core.busy && core.kept.next)', 'if (core.kept.next)'),
    ],
  },
  {
    title: '[R35] the clock of the phone is years off, and nothing follows from it',
    story: {
      ...PLAIN,
      skewMs: 400 * DAY_MS,
      steps: steps(get(2), 1000, { do: 'restart' }, get(2), 5000, get(2), 5000, get(2)),
    },
    holds: logins(1),
    mutants: [
      mutant(
        "the server's times are compared with the phone's",
        'badge.ts',
        'endsAtMs: nowMs + lengthOf(expiresAt)',
        'renewAtMs: Date.parse(renewAfter), endsAtMs: Date.parse(expiresAt)',
      ),
    ],
  },
  {
    title: '[F59] look-alike hosts do not get the token',
    story: {
      ...PLAIN,
      steps: steps(
        ...(['suffix', 'user-part', 'other-port', 'plain-http', 'backslash', 'stranger'] as const).map(
          (place): Act => ({ do: 'request', times: 1, method: 'GET', place, style: 'promise' }),
        ),
      ),
    },
    mutants: [
      mutant(
        'the beginning of the address decides',
        'origin.ts',
        '(?=[/?#]|$)/i.exec(url)',
        '/i.exec(url)',
        false,
      ),
      mutant('every address gets it', 'call.ts', 'auth && origins.indexOf(originOf(url)) >= 0', 'auth'),
    ],
  },
  {
    title: "[R35] Storage that is full, broken, damaged or wiped is nobody's problem",
    story: {
      ...PLAIN,
      steps: steps(
        { do: 'storage', state: 'broken' },
        get(2),
        1000,
        { do: 'storage', state: 'full' },
        { do: 'forgetSessions' },
        get(2),
        1000,
        { do: 'storage', state: 'well' },
        { do: 'restart' },
        get(),
        1000,
        { do: 'corruptStorage', with: 2 },
        { do: 'restart' },
        get(),
        1000,
        { do: 'wipeStorage' },
        { do: 'restart' },
        get(),
      ),
    },
    mutants: [
      mutant(
        'what Storage throws comes through',
        'quietly.ts',
        'return undefined\n  }\n}\n\n/** What a member',
        'throw _\n  }\n}\n\n/** What a member',
      ),
    ],
  },
  {
    title:
      '[R35] killed in the middle of a login, offline, cut off in the background: one login each, and then it works',
    story: {
      ...PLAIN,
      delaysMs: [20],
      steps: steps(
        { do: 'ready' },
        30,
        { do: 'restart' },
        get(4),
        1000,
        { do: 'forgetSessions' },
        { do: 'offline', forMs: 3000 },
        get(4),
        10_000,
        get(4),
        5,
        { do: 'killInBackground' },
        get(4),
      ),
    },
    holds: logins(3),
    mutants: [],
  },
  {
    title:
      '[F59] the refusal is read from its header, however that is spelt, and from its body where there is none',
    story: {
      ...PLAIN,
      dress: 'header-and-html',
      headerCase: 'lower',
      steps: steps(get(), 1000, { do: 'forgetSessions' }, get(3)),
    },
    holds: logins(2),
    mutants: [
      mutant('the header has one spelling', 'refusal.ts', '/^www-authenticate$/i', '/^WWW-Authenticate$/'),
      mutant(
        'the body alone counts',
        'refusal.ts',
        'const [, code, errorClass] = challenge || [0,',
        'const [, code, errorClass] = [0,',
      ),
    ],
  },
  {
    title: 'the first tap on what needs session_key works: no login comes between the data and their use',
    story: {
      ...PLAIN,
      delaysMs: [5, 20, 1],
      steps: steps(
        { do: 'ready' },
        1000,
        { do: 'restart' },
        { do: 'expireKey' },
        { do: 'openData' },
        5,
        { do: 'login' },
        1000,
        { do: 'openData' },
      ),
    },
    mutants: [],
  },
  {
    title: 'who gives callbacks gets one of them, once, and no rejection is left alone',
    story: {
      ...PLAIN,
      steps: steps(
        { do: 'lose', way: 'down', times: 9, silently: false },
        { do: 'request', times: 2, method: 'POST', place: 'path', style: 'callbacks' },
        60_000,
        { do: 'request', times: 2, method: 'GET', place: 'path', style: 'both' },
      ),
    },
    mutants: [
      mutant('the failed call rejects into the void', 'call.ts', 'both(fail, complete))', 'undefined)'),
    ],
  },
  {
    title: 'with Taro, whose promises reject beside the callbacks, no rejection is left alone',
    story: {
      ...PLAIN,
      wx: 'taro',
      steps: steps({ do: 'lose', way: 'up', times: 2, silently: false }, get(2), 5000, get()),
    },
    mutants: [mutant("Taro's rejection is overlooked", 'ask.ts', 'if (task.catch) task.catch(nothing)', '')],
  },
]
