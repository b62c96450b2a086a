import { type Defect, get, logins, minute, mutant, steps } from './defect.ts'
import { PLAIN } from './story.ts'

/** Of the phone: its Storage, its deaths, its frameworks. */
export const phoneDefects: readonly Defect[] = [
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
