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
  readonly mutants: readonly Planted[]
}

type Planted = Mutant & { readonly isFoundByChance: boolean }

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
type Text = readonly [file: string, find: string, put: string]

/** Found by a few hundred random stories as well. */
function mutant(name: string, texts: readonly Text[]): Planted {
  return { name, changes: texts.map(([file, find, put]) => ({ file, find, put })), isFoundByChance: true }
}

/** Too rare for a few hundred random stories, or nothing that a rule is about. */
function rareMutant(name: string, texts: readonly Text[]): Planted {
  return { ...mutant(name, texts), isFoundByChance: false }
}

function logins(expected: number) {
  return ({ logins: found }: Outcome) => assert.equal(found, expected, 'number of wx.login')
}

const minute = pass(60_000)
const daily = Array.from({ length: 10 }, () => [get(2), pass(DAY_MS + HOUR_MS)]).flat()

export const defects: readonly Defect[] = [
  {
    title: '[F58] ten pages that start at once make one login',
    story: { ...PLAIN, steps: steps({ do: 'ready' }, get(10), { do: 'ready' }, 1, post(3), minute) },
    holds: logins(1),
    mutants: [
      mutant('each caller logs in', [
        ['with-token.ts', 'if (core.entry && !core.hold) return core.entry.catch(nothing)', ''],
        ['login.ts', 'if (entry) return core.kept.out', 'if (entry && !entry) return core.kept.out'],
      ]),
    ],
  },
  {
    title: '[F59] ten refusals at once make one login, and all ten requests are answered',
    story: {
      ...PLAIN,
      delaysMs: [1, 3, 2],
      steps: steps(get(), 1000, { do: 'forgetSessions' }, get(10), minute),
    },
    holds: (outcome) => {
      logins(2)(outcome)
      assert.ok(
        outcome.calls.every((call) => call.outcome === 'ok' && call.status < 400),
        'not all were answered',
      )
    },
    mutants: [
      mutant('the queue replays the last one alone', [
        ['send.ts', 'if (isIdempotent) return', 'if (isIdempotent && core.busy === 1) return'],
      ]),
    ],
  },
  {
    title: '[F60] a late refusal of an old token does not touch the new one',
    story: {
      ...PLAIN,
      delaysMs: [1, 1, 1, 1, 1, 300, 1, 1, 1, 1],
      steps: steps({ do: 'ready' }, 1000, { do: 'forgetSessions' }, get(4), 2000, get(), minute),
    },
    holds: logins(2),
    mutants: [
      mutant('any refusal clears what is there', [
        ['badge.ts', 'if (sentToken !== keptOf(core, true).current) return true', ''],
      ]),
    ],
  },
  {
    title: '[F59] a refused POST is not sent again, and the next request finds a token',
    story: {
      ...PLAIN,
      steps: steps({ do: 'ready' }, 1000, { do: 'forgetSessions' }, post(), 1000, get(), minute),
    },
    holds: (outcome) => {
      logins(2)(outcome)
      assert.equal(outcome.calls[1]?.outcome, 'failed')
      assert.equal(outcome.calls[2]?.outcome, 'ok')
    },
    mutants: [
      mutant('what is refused is replayed, whatever it is', [
        ['send.ts', 'if (isIdempotent) return', 'return'],
      ]),
    ],
  },
  {
    title: '[F59] where every token is refused, each request goes out twice and no storm of logins begins',
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
        minute,
      ),
    },
    mutants: [
      rareMutant('it tries until it works', [
        ['send.ts', 'heed(core, refusal, token) && !isSecond', 'heed(core, refusal, token)'],
      ]),
    ],
  },
  {
    title: "[F59] a proxy's own 401, and the back end's, are no refusal of ours and log nobody out",
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
        minute,
      ),
    },
    holds: logins(1),
    mutants: [
      mutant('any 401 counts', [
        [
          'refusal.ts',
          'if (!code || !(REST_SECONDS[errorClass as ErrorClass] >= 0)) return null',
          "if (!code || !(REST_SECONDS[errorClass as ErrorClass] >= 0)) return status === 401 ? new YaopaiError('invalid_token', 'relogin', '', { status: 401 }) : null",
        ],
      ]),
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
        minute,
      ),
    },
    // The second one is what the end of every story asks for, with login().
    holds: logins(2),
    mutants: [
      mutant('signed out is a reason to log in', [
        ['badge.ts', "if (refusal.class === 'signed_out') signOut(core, refusal.code)", ''],
        ['badge.ts', "if (refusal.class !== 'relogin') return false", ''],
      ]),
      mutant('a silent login leads back in', [['badge.ts', 'if (out) throw', 'if (out && !core) throw']]),
      mutant('it is not written down', [
        [
          'badge.ts',
          "keep(core, { current: '', next: '', user: null, out })",
          "core.kept = Object.assign({}, core.kept, { current: '', next: '', user: null, out })",
        ],
      ]),
    ],
  },
  {
    title: '[F58] a login that ends after logout() brings nobody back',
    story: {
      ...PLAIN,
      delaysMs: [50],
      steps: steps({ do: 'ready' }, 70, { do: 'logout' }, 2000, get(), minute),
    },
    mutants: [
      mutant('it is taken all the same', [
        ['login.ts', 'if (keptOf(core).out) askServer', 'if (!core) askServer'],
        ['login.ts', 'mustNotBeOut(core)\n    return admit', 'return admit'],
        ['badge.ts', 'user: badge.user,', "user: badge.user, out: '',"],
      ]),
    ],
  },
  {
    title: '[F58] a login that failed is not remembered for ever',
    story: {
      ...PLAIN,
      steps: steps({ do: 'loginFails', times: 3, silently: false }, get(3), 60_000, get(), minute),
    },
    mutants: [
      mutant('the failed login is shared for ever', [
        ['login.ts', 'core.entry.then(() => settle(), settle)', 'core.entry.then(() => settle(), nothing)'],
      ]),
    ],
  },
  {
    title: '[F58] a server that asks for an hour of rest gets it: silent logins wait, and nobody hangs',
    story: {
      ...PLAIN,
      steps: steps(
        { do: 'mood', mood: 'limited for an hour', forMs: HOUR_MS },
        ...Array.from({ length: 10 }, () => [get(2), pass(60_000)]).flat(),
      ),
    },
    // One that is refused, and one when the hour is over.
    holds: logins(2),
    mutants: [
      rareMutant('it asks again after two seconds', [
        [
          'login.ts',
          'failure.retryAfterSeconds || REST_SECONDS[failure.class]',
          'REST_SECONDS[failure.class]',
        ],
      ]),
    ],
  },
  {
    title: '[F58] a login whose answer was lost is asked for again with the same code',
    story: { ...PLAIN, steps: steps({ do: 'lose', way: 'down', times: 1, silently: false }, get(2), minute) },
    holds: logins(1),
    mutants: [
      rareMutant('each try has a code of its own', [
        [
          'login.ts',
          'const again = isAnswered || !attempt.body.nonce ? null : attempt',
          'const again = null',
        ],
      ]),
    ],
  },
  {
    title: '[F62] a token in daily use is renewed long before it is due, and nobody logs in again',
    story: { ...PLAIN, steps: steps(...daily) },
    holds: (outcome) => {
      logins(1)(outcome)
      const renewals = outcome.sessions[0]?.retired.size ?? 0
      assert.ok(renewals >= 8 && renewals <= 11, `${renewals} renewals in ten days`)
    },
    mutants: [
      rareMutant('it is never due', [['with-token.ts', 'now() >= renewAtMs &&', 'now() < 0 &&']]),
      mutant('it is always due', [['with-token.ts', 'now() >= renewAtMs &&', 'now() >= 0 &&']]),
    ],
  },
  {
    title: '[F62] the clock of a phone that is years behind renews as every other',
    story: { ...PLAIN, skewMs: -400 * DAY_MS, steps: steps(...daily) },
    holds: (outcome) => assert.ok((outcome.sessions[0]?.retired.size ?? 0) >= 8, 'hardly renewed'),
    mutants: [
      rareMutant("the server's times are compared with the phone's", [
        [
          'badge.ts',
          'renewAtMs: now() + renewEveryMs,\n    endsAtMs',
          'renewAtMs: Date.parse(badge.renewAfter),\n    endsAtMs',
        ],
      ]),
    ],
  },
  {
    title: '[F62] a renewed token waits until nothing under way carries the old one',
    story: {
      ...PLAIN,
      leftover: 'classic-live',
      delaysMs: [1, 40_000, 40_000, 40_000, ...Array.from({ length: 30 }, () => 1)],
      steps: steps(get(3), 1000, get(), 50_000, get(), minute),
    },
    mutants: [
      rareMutant('it is used at once', [
        ['badge.ts', 'if (!core.busy && core.kept.next)', 'if (core.kept.next)'],
      ]),
    ],
  },
  {
    title: '[R35] the clock of the phone is years ahead, or jumps, and one login is enough',
    story: {
      ...PLAIN,
      skewMs: 400 * DAY_MS,
      steps: steps(
        get(2),
        1000,
        { do: 'restart' },
        get(2),
        5000,
        get(2),
        5000,
        { do: 'setClock', skewMs: 0 },
        get(2),
        minute,
      ),
    },
    holds: logins(1),
    mutants: [],
  },
  {
    title: '[F59] look-alike hosts do not get the token',
    story: {
      ...PLAIN,
      steps: steps(
        ...(['suffix', 'user-part', 'other-port', 'plain-http', 'backslash', 'stranger'] as const).map(
          (place): Act => ({ do: 'request', times: 1, method: 'GET', place, style: 'promise' }),
        ),
        minute,
      ),
    },
    mutants: [
      mutant('the beginning of an address decides', [
        ['origin.ts', '(?![^/?#])/i.exec(url)', '/i.exec(url)'],
      ]),
      mutant('every address gets it', [['call.ts', 'auth && origins.indexOf(originOf(url)) >= 0', 'auth']]),
    ],
  },
  {
    title: "[R35] Storage that is full, broken, damaged or wiped is nobody's problem",
    story: {
      ...PLAIN,
      steps: steps(
        { do: 'storage', state: 'broken' },
        { do: 'restart' },
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
        minute,
      ),
    },
    mutants: [
      mutant('what Storage throws comes through', [
        [
          'kept.ts',
          "Object(tell(core.wx, 'getStorageSync', keyOf(core)))",
          'Object(core.wx.getStorageSync(keyOf(core)))',
        ],
      ]),
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
        minute,
      ),
    },
    // Killed, again, and for the token that was forgotten.
    holds: logins(3),
    mutants: [],
  },
  {
    title: '[F59] a refusal is read from its header, however that is spelt, even where its body is a page',
    story: {
      ...PLAIN,
      dress: 'header-and-html',
      headerCase: 'lower',
      steps: steps(get(), 1000, { do: 'forgetSessions' }, get(3), minute),
    },
    holds: logins(2),
    mutants: [
      mutant('the header has one spelling', [
        ['refusal.ts', '"www-authenticate":', '"WWW-Authenticate":'],
        ['refusal.ts', 'yaopai_class=\\W*(\\w+)/i', 'yaopai_class=\\W*(\\w+)/'],
      ]),
      mutant('the body alone counts', [
        ['refusal.ts', 'CHALLENGE.exec(JSON.stringify(header)) || [0,', '[0,'],
      ]),
    ],
  },
  {
    title: '[F61] no login comes between the data that session_key opens and their use: the first tap works',
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
        minute,
      ),
    },
    mutants: [],
  },
  {
    title: '[R35] who gives callbacks gets one of them, once, and no rejection is left alone',
    story: {
      ...PLAIN,
      steps: steps(
        { do: 'lose', way: 'down', times: 9, silently: false },
        { do: 'request', times: 2, method: 'POST', place: 'path', style: 'callbacks' },
        { do: 'request', times: 2, method: 'POST', place: 'path', style: 'success alone' },
        60_000,
        { do: 'request', times: 2, method: 'GET', place: 'path', style: 'both' },
        minute,
      ),
    },
    mutants: [
      mutant('a failed call rejects into the void', [
        ['call.ts', '(success, fail || nothing)', '(success, fail)'],
      ]),
    ],
  },
  {
    title: '[F66] with Taro, whose promises reject beside the callbacks, no rejection is left alone',
    story: {
      ...PLAIN,
      wx: 'taro',
      steps: steps({ do: 'lose', way: 'up', times: 2, silently: false }, get(2), 5000, get(), minute),
    },
    mutants: [
      mutant("Taro's rejection is overlooked", [
        ['ask.ts', 'if (task && task.catch) task.catch(nothing)', ''],
      ]),
    ],
  },
]
