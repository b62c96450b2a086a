import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { createRenewalModel, type RenewalModel } from '../testing/renewal-model.ts'
import { tryRenew, use } from '../testing/renewals.ts'
import { ORIGIN, type Rig, startRig } from '../testing/rig.ts'
import { createAuthenticate } from './authenticate.ts'
import { StoreUnavailableError } from './errors.ts'
import { logout } from './logout.ts'
import type { Services } from './services.ts'
import { DEFAULT_POLICY } from './session/lifetime.ts'
import { formatToken } from './session/token.ts'
import { openTestStore, testFile } from './store/sqlite/testing/open-test-store.ts'
import type { Store } from './store/store.ts'
import { sweep } from './sweep.ts'

const HOUR = 3_600
const DAY = 24 * HOUR
const TIMES = { idleMs: DEFAULT_POLICY.idleSeconds * 1000, absoluteMs: DEFAULT_POLICY.absoluteSeconds * 1000 }

/** One step of a history. `token` picks among those that were seen so far. */
type Step =
  | { readonly kind: 'use' | 'renew' | 'logout'; readonly token: number }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'break'; readonly when: 'before' | 'after' }
  | { readonly kind: 'forge' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'sweep' }

const token = fc.nat({ max: 99 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('use' as const), token }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('renew' as const), token }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('logout' as const), token }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      seconds: fc.constantFrom(0.001, 1, 29.999, 30, 600, HOUR, DAY, 2 * DAY, 3 * DAY, 31 * DAY),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('break' as const),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Step>({ kind: 'forge' }, { kind: 'restart' }, { kind: 'sweep' }),
  },
)

/** A server whose next write can be broken, and that can be started anew on what its store kept. */
interface Bench {
  readonly rig: Rig
  readonly store: () => Store
  readonly restart: () => Promise<void>
}

interface Played {
  readonly bench: Bench
  readonly model: RenewalModel
  readonly selector: number
  readonly bornMs: number
  /** By their numbers in the line, as answers gave them. */
  readonly tokens: string[]
  server: { readonly services: Services; readonly authenticate: ReturnType<typeof createAuthenticate> }
  broken: 'before' | 'after' | null
}

let people = 0

async function play(bench: Bench, steps: readonly Step[]): Promise<void> {
  people += 1
  const login = await bench.rig.logIn(`person-${people}`)
  const nowMs = () => bench.rig.services.clock.nowMs()
  const played: Played = {
    bench,
    model: createRenewalModel(nowMs, TIMES),
    selector: login.session.selector,
    bornMs: nowMs(),
    tokens: [login.token],
    server: bench.rig,
    broken: null,
  }
  startServer(played)
  for (const one of steps) {
    await take(played, one)
    await bench.store().check()
  }
  await assertGood(played)
  // The years that histories take must not add up: each begins a second after the one before.
  bench.rig.advance((played.bornMs - nowMs()) / 1000 + 1)
}

function startServer(played: Played): void {
  const services = { ...played.bench.rig.services, store: breakable(played) }
  played.server = { services, authenticate: createAuthenticate(services) }
}

/** The store of now; a broken write is not done, or done and its answer lost. */
function breakable(played: Played): Store {
  const writes = new Set<PropertyKey>(['startRenewal', 'promoteToken', 'endSession'])
  const target = played.bench.store()
  return new Proxy(target, {
    get(store, name, receiver) {
      const method: unknown = Reflect.get(store, name, receiver)
      const { broken } = played
      if (broken === null || !writes.has(name) || typeof method !== 'function') return method
      return async (...values: unknown[]) => {
        played.broken = null
        if (broken === 'after') await method.apply(store, values)
        throw new StoreUnavailableError(new Error('broken'))
      }
    },
  })
}

async function take(played: Played, one: Step): Promise<void> {
  const { bench, model, server, selector } = played
  if (one.kind === 'wait') return bench.rig.advance(one.seconds)
  if (one.kind === 'sweep') return void (await sweep(server.services, 180))
  if (one.kind === 'restart') {
    await bench.restart()
    return startServer(played)
  }
  if (one.kind === 'break') {
    played.broken = one.when
    return model.breakNextWrite(one.when)
  }
  if (one.kind === 'forge') {
    const forged = formatToken('yp1_', selector, Buffer.alloc(32, 5))
    return assert.equal(await use(server, forged), 'invalid_token')
  }
  await ask(played, one.kind, one.token % played.tokens.length)
}

async function ask(played: Played, kind: 'use' | 'renew' | 'logout', number: number): Promise<void> {
  const { model, tokens, bench, bornMs } = played
  const presented = tokens[number] ?? ''
  const expected = model[kind](number)
  const said = await orUnavailable(() => ACTS[kind](played, presented))
  const isPast = bench.rig.services.clock.nowMs() >= bornMs + TIMES.absoluteMs
  if (isPast) assert.ok(said !== 'ok' && !said.startsWith('yp1_'), 'nothing opens past the absolute end')
  if (typeof expected === 'string') return assert.equal(said, expected)
  assert.match(said, /^yp1_/)
  tokens[expected] ??= said
  assert.equal(said, tokens[expected], 'the same token again')
  assert.equal(new Set(tokens).size, tokens.length, 'no token comes twice in a line')
}

const ACTS: Record<'use' | 'renew' | 'logout', (played: Played, token: string) => Promise<string>> = {
  use: ({ server }, presented) => use(server, presented),
  async renew({ server }, presented) {
    const result = await tryRenew(server, presented)
    return 'token' in result ? result.token : result.refusal
  },
  async logout({ server }, presented) {
    const known = await server.authenticate(presented, ORIGIN)
    if (!known.ok) return known.reason
    await logout(server.services, known.session, ORIGIN)
    return 'ok'
  },
}

async function orUnavailable(act: () => Promise<string>): Promise<string> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof StoreUnavailableError) return 'unavailable'
    throw error
  }
}

/** In the end exactly the tokens that may open do: those in grace, the one of now, the one that waits. */
async function assertGood(played: Played): Promise<void> {
  played.broken = null
  const { server, model, tokens } = played
  const good = model.good().filter((number) => tokens[number] !== undefined)
  for (const number of good) assert.equal(await use(server, tokens[number] ?? ''), 'ok', `token ${number}`)
  const others = tokens.filter((_, number) => !good.includes(number))
  for (const other of others) assert.notEqual(await use(server, other), 'ok')
}

async function onMemory(t: TestContext): Promise<Bench> {
  const rig = await startRig(t)
  return { rig, store: () => rig.store, restart: async () => undefined }
}

async function onSqlite(t: TestContext): Promise<Bench> {
  const file = testFile(t)
  let nowMs = () => 0
  const clock = { nowMs: () => nowMs() }
  let store = await openTestStore(t, { file, clock })
  // Logins go to whichever store is open.
  const face = new Proxy(store, { get: (_, name) => Reflect.get(store, name) })
  const rig = await startRig(t, { store: face })
  nowMs = () => rig.services.clock.nowMs()
  const restart = async () => {
    await store.close()
    store = await openTestStore(t, { file, clock })
  }
  return { rig, store: () => store, restart }
}

const BENCHES = { memory: { start: onMemory, runs: 800 }, SQLite: { start: onSqlite, runs: 40 } }

for (const [name, { start, runs }] of Object.entries(BENCHES)) {
  test(`[F19][F20][F21][R27] ${name}: whatever is used, renewed, lost, awaited and restarted, the line is as the model says`, async (t) => {
    const bench = await start(t)
    const history = fc.array(step, { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(history, (steps) => play(bench, steps)),
      { numRuns: runs },
    )
  })
}
