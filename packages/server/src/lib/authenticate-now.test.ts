import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { tryRenew, use } from '../testing/renewals.ts'
import { ORIGIN, type Rig, startRig } from '../testing/rig.ts'
import { createAuthenticate, createAuthenticateNow } from './authenticate.ts'
import { setBan } from './ban-user.ts'
import { logout } from './logout.ts'
import type { Services } from './services.ts'
import { formatToken, parseToken } from './session/token.ts'
import { cacheSessions } from './store/cached/cached-store.ts'
import { createMemoryStore } from './store/memory/memory-store.ts'
import { type RecalledSession, recalledOf } from './store/recalled-session.ts'
import { openTestStore } from './store/sqlite/testing/open-test-store.ts'
import type { Store } from './store/store.ts'
import { sessionView, userView } from './views.ts'

const HOUR = 3_600
const DAY = 24 * HOUR

/** One step of a history. `token` picks among those that were seen; `far`: another node does it. */
const token = fc.nat({ max: 99 })
const far = fc.boolean()
const STEP = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('look' as const), token }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('use' as const), token, far }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('renew' as const), token, far }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('logout' as const), token, far }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('logIn' as const), who: fc.nat({ max: 1 }), far }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('ban' as const), who: fc.nat({ max: 1 }), far }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('freeze' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forge' as const), token }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      seconds: fc.constantFrom(0.001, 0.999, 1, 29.999, 30, 600, HOUR - 0.001, HOUR, DAY, 3 * DAY, 31 * DAY),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('putBack' as const),
      seconds: fc.constantFrom(1, HOUR, 4 * DAY),
    }),
  },
)
type Step = typeof STEP extends fc.Arbitrary<infer Value> ? Value : never

/** A node that remembers, and another one on the same book. */
interface World {
  readonly rig: Rig
  readonly near: Pick<Rig, 'authenticate' | 'services'>
  readonly distant: Pick<Rig, 'authenticate' | 'services'>
  readonly now: ReturnType<typeof createAuthenticateNow>
  readonly poll: () => Promise<void>
  readonly tokens: string[]
  /** What was let in last, by its token. */
  readonly kept: Map<string, RecalledSession>
  readonly people: readonly string[]
  readonly state: { isFrozen: boolean; admitted: number; again: number; counted: number }
}

let people = 0

async function openWorld(t: TestContext, makeTruth: (clock: { nowMs(): number }) => Promise<Store>) {
  let nowMs = () => 0
  const truth = await makeTruth({ nowMs: () => nowMs() })
  const rig = await startRig(t, { store: truth })
  nowMs = () => rig.services.clock.nowMs()
  return (): World => {
    const state = { isFrozen: false, admitted: 0, again: 0, counted: 0 }
    const { clock } = rig.services
    const monotonic = { nowMs: () => clock.nowMs() }
    const cached = cacheSessions(truth, { clock, monotonic, maxEntries: 3 })
    const telemetry = {
      ...rig.services.telemetry,
      count: (_name: string, labels: Readonly<Record<string, string>>) => {
        if (labels['outcome'] === 'ok') state.counted += 1
      },
    }
    const servicesOf = (store: Store): Services => ({
      ...rig.services,
      store,
      telemetry,
      get apps() {
        return rig.services.apps.map((app) => ({ ...app, frozen: state.isFrozen }))
      },
    })
    const [near, distant] = [servicesOf(cached), servicesOf(truth)]
    people += 1
    return {
      rig,
      near: { services: near, authenticate: createAuthenticate(near) },
      distant: { services: distant, authenticate: createAuthenticate(distant) },
      now: createAuthenticateNow(near),
      poll: () => cached.poll(),
      tokens: [],
      kept: new Map(),
      people: [`one-${people}`, `two-${people}`],
      state,
    }
  }
}

async function play(world: World, steps: readonly Step[]): Promise<World['state']> {
  await take(world, { kind: 'logIn', who: 0, far: true })
  for (const step of steps) {
    await take(world, step)
    // What another node did is known here within a second; these looks come after that.
    await world.poll()
    for (const one of world.tokens) await look(world, one)
    await nextTurn()
  }
  return world.state
}

/** What is let in at once the other way lets in too, as the same, and counts it alike. */
async function look({ now, distant, near, kept, state }: World, one: string): Promise<void> {
  const before = state.counted
  const last = kept.get(one)
  const again = last !== undefined && now.again(last) ? last : null
  const recalled = again ?? now(one)
  assert.equal(state.counted - before, recalled === null ? 0 : 1)
  if (recalled === null) return
  kept.set(one, recalled)
  const known = recalled.whole()
  state.admitted += 1
  if (again !== null) state.again += 1
  const told = await distant.authenticate(one, ORIGIN)
  assert.ok(told.ok, `let in at once, refused with ${told.ok || told.reason}`)
  assert.deepEqual(
    [sessionView(known), userView(known.user)],
    [sessionView(told.session), userView(told.user)],
  )
  assert.equal(known.openid, told.session.openid)
  await near.services.store.check()
}

async function take(world: World, step: Step): Promise<void> {
  const { rig, tokens, people: names, state } = world
  const node = 'far' in step && step.far ? world.distant : world.near
  const picked = 'token' in step ? (tokens[step.token % tokens.length] ?? '') : ''
  switch (step.kind) {
    case 'look':
      // Twice and from the memory: what is asked for again and again stands in front.
      for (let turn = 0; turn < 2; turn += 1) await use(world.near, picked)
      return look(world, picked)
    case 'use':
      return void (await use(node, picked))
    case 'renew': {
      const renewed = await tryRenew(node, picked)
      if ('token' in renewed && !tokens.includes(renewed.token)) tokens.push(renewed.token)
      return
    }
    case 'logout': {
      const known = await node.authenticate(picked, ORIGIN)
      return known.ok ? logout(node.services, known.session, ORIGIN) : undefined
    }
    case 'logIn': {
      const result = await rig.login(rig.request(rig.code(names[step.who] ?? '')))
      if (result.ok) tokens.push(result.token)
      return
    }
    case 'ban':
      return toggleBan(world, node.services, step.who)
    case 'freeze':
      state.isFrozen = !state.isFrozen
      return
    case 'forge': {
      const selector = parseToken('yp1_', picked)?.selector ?? 0
      tokens.push(formatToken('yp1_', selector, Buffer.alloc(32, 5)))
      return
    }
    case 'wait':
      return rig.advance(step.seconds)
    case 'putBack':
      return rig.advance(-step.seconds)
  }
}

async function toggleBan({ distant, tokens }: World, services: Services, who: number): Promise<void> {
  const selector = parseToken('yp1_', tokens[who] ?? '')?.selector
  const session = selector === undefined ? null : await distant.services.store.findSession(selector)
  if (session === null) return
  await setBan(services, session.userId, session.user.bannedAtMs === null, ORIGIN)
}

const TRUTHS = {
  'a store that is waited for': {
    runs: 150,
    make: async (_: TestContext, clock: { nowMs(): number }) => createMemoryStore({ clock }),
  },
  SQLite: { runs: 40, make: (t: TestContext, clock: { nowMs(): number }) => openTestStore(t, { clock }) },
}

for (const [name, { runs, make }] of Object.entries(TRUTHS)) {
  test(`[T37][F19] before ${name}: whatever happens to sessions, here or elsewhere, nothing is let in at once that is refused after a look`, async (t) => {
    const open = await openWorld(t, (clock) => make(t, clock))
    let [admitted, again] = [0, 0]
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { minLength: 1, maxLength: 25 }), async (steps) => {
        const state = await play(open(), steps)
        admitted += state.admitted
        again += state.again
      }),
      { numRuns: runs },
    )
    assert.ok(admitted > runs / 2, `only ${admitted} were let in at once: the histories prove little`)
    assert.ok(again > runs / 4, `only ${again} were let in again`)
  })
}

test('a token costs one look at the memory, the first time and every time after', async (t) => {
  const rig = await startRig(t)
  const { token } = await rig.logIn('alice')
  let looks = 0
  const session = await rig.caller(token)
  const copies = [session, { ...session }, { ...session }]
  const recallSession = () => {
    const copy = copies[Math.min(looks++, 2)]
    return copy === undefined ? null : recalledOf(copy)
  }
  const now = createAuthenticateNow({ ...rig.services, store: { ...rig.store, recallSession } })
  for (let turn = 1; turn <= 4; turn += 1) {
    assert.notEqual(now(token), null)
    assert.equal(looks, turn)
  }
})

test('[T12] a text that differs from a living token in any letter is not let in, whatever session it names', async (t) => {
  const rig = await startRig(t)
  const { token } = await rig.logIn('alice')
  const recalled = recalledOf(await rig.caller(token))
  const now = createAuthenticateNow({
    ...rig.services,
    store: { ...rig.store, recallSession: () => recalled },
  })
  for (let place = 0; place < token.length; place += 1) {
    for (const other of ['A', 'B', '-', '\u00e9', '\u4e2d'].filter((letter) => letter !== token[place])) {
      assert.equal(now(token.slice(0, place) + other + token.slice(place + 1)), null, `${place} ${other}`)
    }
  }
  for (const text of ['', 'yp1_', token.slice(1), `${token}0`, token.slice(0, -1)])
    assert.equal(now(text), null)
  assert.equal(now(token), recalled)
})
