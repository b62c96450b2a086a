import assert from 'node:assert/strict'
import { type Defect, get, HOUR_MS, logins, minute, mutant, post, rareMutant, steps } from './defect.ts'
import { type Act, PLAIN } from './story.ts'

/** Of refusals, of what is sent again, and of where a token goes. */
export const refusalDefects: readonly Defect[] = [
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
]
