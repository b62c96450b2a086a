import fc from 'fast-check'
import { MOODS, type Mood } from './moods.ts'
import { DAMAGE_KINDS } from './storage.ts'
import type { Act, EndReason, Place, PlainAct, Step, Story, Style } from './story.ts'

/*
 * Random stories. What comes first in a list of choices is what shrinking goes towards, so the plain thing does.
 */

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const place = fc.constantFrom<Place>(
  ...(['path', 'path', 'path', 'path', 'own-url', 'own-port-443', 'upper-case', 'files'] as const),
  ...(['stranger', 'suffix', 'user-part', 'other-port', 'plain-http', 'backslash'] as const),
)
const style = fc.constantFrom<Style>('promise', 'callbacks', 'both', 'success alone')
const times = fc.constantFrom(1, 2, 3)
const forMs = fc.constantFrom(100, SECOND_MS, 5 * SECOND_MS, 20 * SECOND_MS, 2 * MINUTE_MS, HOUR_MS)

const request: fc.Arbitrary<Act> = fc.record(
  {
    do: fc.constant('request' as const),
    times: fc.constantFrom(1, 1, 2, 3, 10, 14),
    method: fc.constantFrom('GET' as const, 'GET' as const, 'POST' as const, 'PUT' as const),
    place,
    style,
    idempotent: fc.boolean(),
    auth: fc.constantFrom(true, true, false),
    timeoutMs: fc.constantFrom(1, 200, 3000, 30_000),
    abortAfterMs: fc.constantFrom(0, 1, 20, 2000),
  },
  { requiredKeys: ['do', 'times', 'method', 'place', 'style'] },
)

const burst: fc.Arbitrary<Act> = fc.record({
  do: fc.constant('request' as const),
  times: fc.constantFrom(2, 3, 10, 14),
  method: fc.constantFrom('GET' as const, 'POST' as const),
  place: fc.constant('path' as const),
  style,
})

const plain = (...names: PlainAct[]) => fc.constantFrom(...names).map((name): Act => ({ do: name }))

const acts: readonly { readonly weight: number; readonly arbitrary: fc.Arbitrary<Act> }[] = [
  { weight: 8, arbitrary: request },
  { weight: 6, arbitrary: burst },
  { weight: 4, arbitrary: plain('ready', 'login', 'logout', 'refreshUser', 'ownWrapper') },
  { weight: 2, arbitrary: plain('upload', 'download', 'connect') },
  { weight: 3, arbitrary: plain('openData', 'prepareOpenData', 'bindPhone', 'expireKey') },
  {
    weight: 3,
    arbitrary: plain(
      'background',
      'backgroundStalled',
      'foreground',
      'restart',
      'killInBackground',
      'wipeStorage',
    ),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      forMs: fc.constantFrom(
        SECOND_MS,
        31 * SECOND_MS,
        MINUTE_MS,
        HOUR_MS,
        DAY_MS,
        2 * DAY_MS,
        4 * DAY_MS,
        31 * DAY_MS,
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      reason: fc.constantFrom<EndReason>(
        'replaced',
        'revoked_by_user',
        'revoked_by_admin',
        'user_deleted',
        'logged_out',
      ),
    }),
  },
  { weight: 4, arbitrary: plain('forgetSessions', 'ban', 'ban', 'unban') },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('mood' as const),
      mood: fc.constantFrom(...(Object.keys(MOODS) as Mood[])),
      forMs,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('lose' as const),
      way: fc.constantFrom('up' as const, 'down' as const),
      times,
      silently: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('offline' as const), forMs }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('loginFails' as const), times, silently: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('storage' as const),
      state: fc.constantFrom('well' as const, 'full' as const, 'broken' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('corruptStorage' as const), with: fc.nat(DAMAGE_KINDS - 1) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('setClock' as const),
      skewMs: fc.constantFrom(0, 2 * HOUR_MS, -2 * HOUR_MS, 400 * DAY_MS, -400 * DAY_MS),
    }),
  },
]

const step: fc.Arbitrary<Step> = fc.record({
  waitMs: fc.constantFrom(0, 0, 1, 5, 20, 100, 500, 3000, 12_000),
  act: fc.oneof(...acts),
})

/** Acts that are no trouble: with these alone everything must succeed. */
const calmStep: fc.Arbitrary<Step> = step.filter(({ act }) => CALM.has(act.do) && !isSevere(act))
const CALM = new Set<Act['do']>([
  ...(['request', 'upload', 'download', 'ready', 'login', 'refreshUser', 'ownWrapper', 'openData'] as const),
  ...(['prepareOpenData', 'bindPhone', 'restart', 'pass', 'end', 'forgetSessions', 'expireKey'] as const),
])

function isSevere(act: Act): boolean {
  return act.do === 'end' && act.reason !== 'replaced'
}

const quickMs = fc.constantFrom(1, 0, 2, 5, 10, 20, 50, 100, 300, 800)
const anyMs = fc.oneof(
  { weight: 12, arbitrary: quickMs },
  { weight: 2, arbitrary: fc.constantFrom(3000, 9000, 20_000, 40_000) },
)

function story(
  steps: fc.Arbitrary<Step>,
  delayMs: fc.Arbitrary<number>,
  isCalm: boolean,
): fc.Arbitrary<Story> {
  return fc.record({
    promises: fc.constantFrom('microtasks' as const, 'macrotasks' as const),
    wx: fc.constantFrom('native' as const, 'bare' as const, 'taro' as const),
    ownAuthUrl: fc.boolean(),
    dress: fc.constantFrom('both' as const, 'header' as const, 'body' as const, 'header-and-html' as const),
    headerCase: fc.constantFrom('usual' as const, 'lower' as const, 'title' as const),
    hasRandom: fc.constantFrom(true, true, true, false),
    rotatesKeys: fc.boolean(),
    skewMs: fc.constantFrom(0, 0, 0, 0, 2 * HOUR_MS, -400 * DAY_MS, 400 * DAY_MS),
    leftover: fc.constantFrom(
      ...(['nothing', 'nothing', 'nothing', 'classic-live', 'classic-dead', 'garbage'] as const),
    ),
    scene: isCalm ? fc.constant(1001) : fc.constantFrom(...Array.from({ length: 19 }, () => 1001), 1154),
    delaysMs: fc.array(delayMs, { maxLength: 24 }),
    steps: fc.array(steps, { minLength: 1, maxLength: 16 }),
  })
}

/** One story in three has no trouble in it, so that what must succeed is asked often enough. */
export const stories: fc.Arbitrary<Story> = fc.oneof(
  { weight: 2, arbitrary: story(step, anyMs, false) },
  { weight: 1, arbitrary: story(calmStep, quickMs, true) },
)
