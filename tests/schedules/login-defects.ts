import { type Defect, get, HOUR_MS, logins, minute, mutant, pass, post, rareMutant, steps } from './defect.ts'
import { PLAIN } from './story.ts'

/** Of logging in, and of staying out. */
export const loginDefects: readonly Defect[] = [
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
]
