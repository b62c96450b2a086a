import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { firstLogin, NOW_MS, sampleSelector, sampleUserId } from '../contract/samples.ts'
import { createMemoryStore } from '../memory/memory-store.ts'
import type { Store } from '../store.ts'
import { type CachedStore, cacheSessions } from './cached-store.ts'
import { createTestClocks, type TestClocks } from './testing/controlled.ts'

/** What goes on around the end of a session; looks are at that session. */
const STEP = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ do: 'look' } as const) },
  { weight: 3, arbitrary: fc.constant({ do: 'poll' } as const) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 600 }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('answer' as const), which: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'answerAll' } as const) },
)
type Step = typeof STEP extends fc.Arbitrary<infer Value> ? Value : never

/** The life of one session. `own`: it is ended by the node that remembers; else by another one, on the same truth. */
const ROUND = fc.record({
  isWarm: fc.boolean(),
  before: fc.array(STEP, { maxLength: 4 }),
  jumpMs: fc.oneof(fc.constant(0), fc.integer({ min: -5_000, max: 5_000 })),
  own: fc.boolean(),
  act: fc.constantFrom('end', 'ban'),
  after: fc.array(STEP, { maxLength: 12 }),
})
type Round = typeof ROUND extends fc.Arbitrary<infer Value> ? Value : never

/** A store that asks and answers only when the schedule says so: a call waits before its work, and again after it. */
function scheduled(inner: Store): { readonly store: Store; goOn(which: number): boolean } {
  const waiting: (() => void)[] = []
  const turn = () => new Promise<void>((resolve) => waiting.push(resolve))
  const store = new Proxy(inner, {
    get:
      (_, verb: keyof Store) =>
      async (...args: readonly unknown[]) => {
        await turn()
        const answer = await (inner[verb] as (...given: readonly unknown[]) => Promise<unknown>)(...args)
        await turn()
        return answer
      },
  })
  return {
    store,
    goOn(which) {
      const [next] = waiting.splice(which % Math.max(1, waiting.length), 1)
      next?.()
      return next !== undefined
    },
  }
}

interface World {
  readonly clocks: TestClocks
  readonly truth: Store
  readonly cached: CachedStore
  readonly goOn: (which: number) => boolean
  readonly running: Promise<void>[]
  readonly wrong: string[]
}

/** When the end was acknowledged, on the monotonic clock. */
interface Life {
  readonly n: number
  endedAtMs: number | null
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await null
}

async function answerAll({ goOn }: World): Promise<void> {
  while (goOn(0)) await settle()
}

async function look({ clocks, cached, wrong }: World, life: Life, own: boolean): Promise<void> {
  const begunMs = clocks.monotonic.nowMs()
  const { endedAtMs } = life
  const session = await cached.findSession(sampleSelector(life.n), 'memory')
  if (session === null || session.endedAtMs !== null || session.user.bannedAtMs !== null) return
  if (endedAtMs === null || (!own && begunMs <= endedAtMs + 1_000)) return
  wrong.push(`accepted ${begunMs - endedAtMs} ms after its end (own: ${own})`)
}

async function end({ clocks, truth, cached }: World, life: Life, { own, act }: Round): Promise<void> {
  const store = own ? cached : truth
  const userId = sampleUserId(life.n)
  const selector = sampleSelector(life.n)
  if (act === 'ban') await store.setUserBan({ userId, bannedAtMs: NOW_MS, events: [] })
  else await store.endSession({ selector, userId, reason: 'logged_out', atMs: NOW_MS, events: [] })
  life.endedAtMs = clocks.monotonic.nowMs()
}

async function take(world: World, life: Life, { step, own }: { step: Step; own: boolean }): Promise<void> {
  const { cached, clocks, running, goOn } = world
  if (step.do === 'look') running.push(look(world, life, own))
  if (step.do === 'poll') running.push(cached.poll())
  if (step.do === 'pass') clocks.pass(step.ms)
  if (step.do === 'answer') goOn(step.which)
  if (step.do === 'answerAll') await answerAll(world)
  await settle()
}

async function live(world: World, n: number, round: Round): Promise<void> {
  const life: Life = { n, endedAtMs: null }
  const { own } = round
  const warmUp: Step[] = round.isWarm
    ? [{ do: 'poll' }, { do: 'answerAll' }, { do: 'look' }, { do: 'answerAll' }]
    : []
  for (const step of [...warmUp, ...round.before]) await take(world, life, { step, own })
  world.clocks.putWall(round.jumpMs)
  world.running.push(end(world, life, round))
  const last: Step[] = [{ do: 'look' }, { do: 'answerAll' }, { do: 'look' }]
  for (const step of [...round.after, ...last]) await take(world, life, { step, own })
}

async function play(rounds: readonly Round[]): Promise<World> {
  const clocks = createTestClocks()
  const truth = createMemoryStore()
  for (const n of rounds.keys()) await truth.recordLogin(firstLogin(n))
  const { store, goOn } = scheduled(truth)
  const cached = cacheSessions(store, { ...clocks, maxEntries: 10 })
  const world: World = { clocks, truth, cached, goOn, running: [], wrong: [] }
  for (const [n, round] of rounds.entries()) await live(world, n, round)
  await answerAll(world)
  await Promise.all(world.running)
  return world
}

test('[T37] [T38] on no schedule is a session accepted that had ended: here at once, elsewhere a second before', async () => {
  let hits = 0
  const rounds = fc.array(ROUND, { minLength: 4, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(rounds, async (schedule) => {
      const { wrong, cached } = await play(schedule)
      assert.deepEqual(wrong, [])
      hits += cached.cacheStats().hits
    }),
    { numRuns: 400 },
  )
  assert.ok(hits >= 400, `the memory answered only ${hits} times: the schedules prove little`)
})
