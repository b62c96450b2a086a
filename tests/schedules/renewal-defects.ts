import assert from 'node:assert/strict'
import {
  DAY_MS,
  type Defect,
  get,
  HOUR_MS,
  logins,
  minute,
  mutant,
  pass,
  rareMutant,
  steps,
} from './defect.ts'
import { PLAIN } from './story.ts'

const daily = Array.from({ length: 10 }, () => [get(2), pass(DAY_MS + HOUR_MS)]).flat()

/** Of renewals, and of clocks. */
export const renewalDefects: readonly Defect[] = [
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
]
