import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { needs } from '../../../../../../tools/needs.ts'
import type { Clock } from '../../clock.ts'
import { StoreUnavailableError } from '../../errors.ts'
import type { ChangeRecord, StoredSession } from '../../records.ts'
import { firstLogin, HOUR_MS, NOW_MS, sampleSelector, sampleUserId } from '../contract/samples.ts'
import { createMemoryStore } from '../memory/memory-store.ts'
import { setBench as setMysqlBench } from '../mysql/testing/open-test-store.ts'
import { setBench as setPostgresBench } from '../postgres/testing/open-test-store.ts'
import { loadDriver } from '../sqlite/driver.ts'
import { openTestStore, testFile } from '../sqlite/testing/open-test-store.ts'
import type { Store } from '../store.ts'
import { type CachedStore, cacheSessions } from './cached-store.ts'
import { createTestClocks } from './testing/controlled.ts'

const MANY = 24
const SELECTORS = Array.from({ length: MANY }, (_, n) => sampleSelector(n + 1))

const STEP = fc.oneof(
  { weight: 9, arbitrary: fc.record({ do: fc.constant('write'), which: fc.nat(MANY - 1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('read'), isSlow: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('poll'), isSlow: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('roll back'),
      by: fc.oneof(fc.nat(3), fc.nat(15)),
      skips: fc.nat(3),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('answer') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(1, 300, 2 * HOUR_MS) }) },
)
interface Step {
  readonly do: string
  readonly which?: number
  readonly isSlow?: boolean
  readonly by?: number
  readonly skips?: number
  readonly ms?: number
}

/** The database at one moment: the sessions that live, and the changes that are not swept. */
interface Book {
  readonly living: ReadonlySet<number>
  readonly changes: readonly ChangeRecord[]
  readonly lastSeq: number
}

const sessions = sampleSessions()

async function sampleSessions(): Promise<ReadonlyMap<number, StoredSession>> {
  const samples = createMemoryStore()
  const found = new Map<number, StoredSession>()
  for (const [n, selector] of SELECTORS.entries()) {
    await samples.recordLogin(firstLogin(n + 1))
    const session = await samples.findSession(selector)
    if (session !== null) found.set(selector, { ...session, absoluteDeadlineMs: Infinity })
  }
  return found
}

/** A database that can be put back to any moment that it has been through. */
async function createPast(clock: Clock) {
  const all = await sessions
  let past: Book[] = [{ living: new Set(SELECTORS), changes: [], lastSeq: 0 }]
  const present = (): Book => past.at(-1) as Book
  const listChanges = ({ afterSeq, limit }: { readonly afterSeq: number; readonly limit: number }) => {
    const after = present().changes.filter(({ seq }) => seq > afterSeq)
    return after.slice(0, limit)
  }
  const sessionAt = (selector: number) => {
    const session = all.get(selector)
    if (session === undefined || !present().living.has(selector)) return null
    return { ...session, idleDeadlineMs: clock.nowMs() + HOUR_MS }
  }
  return {
    present,
    listChanges,
    sessionAt,
    /** Revokes it; one that is revoked lives again, as when a ban is lifted, where that is allowed. */
    write(selector: number, canLiveAgain = true, atMs = clock.nowMs()) {
      const { living, changes, lastSeq } = present()
      const after = new Set(living)
      if (!after.delete(selector)) {
        if (!canLiveAgain) return
        after.add(selector)
      }
      const change = { seq: lastSeq + 1, atMs, userId: sampleUserId(MANY + 1), selector }
      past.push({ living: after, changes: [...changes, change], lastSeq: change.seq })
    },
    /** A standby that was promoted may pass over some numbers. */
    rollBack(by: number, skips = 0) {
      past = past.slice(0, Math.max(1, past.length - by))
      past.push({ ...present(), lastSeq: present().lastSeq + skips })
    },
    sweep(beforeMs = clock.nowMs() - HOUR_MS) {
      past.push({ ...present(), changes: present().changes.filter(({ atMs }) => atMs >= beforeMs) })
    },
  }
}

/** Answers of that database, which may be under way for long, and a node that remembers what it was told. */
async function openWorld() {
  const clocks = createTestClocks()
  const past = await createPast(clocks.clock)
  const onTheWay: (() => void)[] = []
  let link: 'quick' | 'slow' | 'cut' = 'quick'
  const tell = <Value>(value: Value): Promise<Value> => {
    if (link === 'cut') return Promise.reject(new StoreUnavailableError(new Error('away')))
    if (link === 'quick') return Promise.resolve(value)
    return new Promise((resolve) => onTheWay.push(() => resolve(value)))
  }
  const store: Pick<Store, 'listChanges' | 'findSession'> = {
    listChanges: (query) => tell(past.listChanges(query)),
    findSession: (selector) => tell(past.sessionAt(selector)),
  }
  return {
    ...past,
    pass: clocks.pass,
    cached: cacheSessions(store as Store, { ...clocks, maxEntries: MANY }),
    /** What is asked by `work` is asked while the link is so. */
    over<Result>(kind: typeof link, work: () => Result): Result {
      link = kind
      const result = work()
      link = 'quick'
      return result
    },
    async answer() {
      for (const go of onTheWay.splice(0)) go()
      for (let turn = 0; turn < 12; turn += 1) await null
    },
  }
}

type World = Awaited<ReturnType<typeof openWorld>>

const readAll = ({ cached }: World) =>
  Promise.all(SELECTORS.map((selector) => cached.findSession(selector, 'memory')))

const knownHere = ({ cached }: World) =>
  SELECTORS.filter((selector) => cached.recallSession(selector) !== null)

/** How many were answered from memory after it, each of them rightly. */
async function pollAndLook(world: World): Promise<number> {
  await world.answer()
  await world.cached.poll()
  const known = knownHere(world)
  const { living } = world.present()
  const wrong = known.filter((selector) => !living.has(selector))
  assert.deepEqual(wrong, [])
  return known.length
}

async function take(world: World, step: Step): Promise<number> {
  const { which = 0, by = 0, skips = 0, ms = 0, isSlow = false } = step
  if (step.do === 'write') world.write(SELECTORS[which] ?? 0, false)
  if (step.do === 'sweep') world.sweep()
  if (step.do === 'pass') world.pass(ms)
  if (step.do === 'answer') await world.answer()
  if (step.do === 'roll back') {
    world.rollBack(by, skips)
    world.pass(1)
  }
  if (step.do === 'read') {
    if (isSlow) world.over('slow', () => void readAll(world))
    else await readAll(world)
  }
  if (step.do !== 'poll') return 0
  if (!isSlow) return pollAndLook(world)
  world.over('slow', () => void world.cached.poll())
  return 0
}

describe('[T37] a database whose history is another one beneath a running node', () => {
  test('after a completed poll no session is answered from memory that was revoked in the present history', async () => {
    let hits = 0
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { minLength: 20, maxLength: 60 }), async (steps) => {
        const world = await openWorld()
        for (const step of steps) hits += await take(world, step)
        hits += await pollAndLook(world)
        await world.answer()
      }),
      { numRuns: 400 },
    )
    assert.ok(hits >= 4_000, `the memory answered only ${hits} times: the histories prove little`)
  })

  test('if it was away meanwhile, nothing is remembered that no change would tell of', async () => {
    const world = await openWorld()
    const [first = 0] = SELECTORS
    world.write(first)
    await world.cached.poll()
    world.write(first)
    await readAll(world)
    world.rollBack(1)
    await assert.rejects(world.over('cut', () => world.cached.poll()))
    world.pass(1_000)
    await world.cached.poll()
    assert.deepEqual(knownHere(world), [])
  })

  test('what was known of a session that the present history does not know is forgotten', async () => {
    const world = await openWorld()
    const [first = 0, second = 0] = SELECTORS
    for (const turn of [1, 2]) {
      world.write(first)
      if (turn === 1) world.sweep(Infinity)
    }
    await world.cached.poll()
    await readAll(world)
    world.rollBack(1)
    await world.cached.poll()
    assert.deepEqual(knownHere(world), [])
    await readAll(world)
    assert.deepEqual(knownHere(world).slice(0, 1), [second])
  })

  test('a write that was lost and tried again, and looks the same, counts again', async () => {
    const world = await openWorld()
    const [first = 0] = SELECTORS
    world.write(first, false, NOW_MS)
    await world.cached.poll()
    world.rollBack(1)
    await readAll(world)
    world.write(first, false, NOW_MS)
    await world.cached.poll()
    assert.equal(knownHere(world).includes(first), false)
    assert.equal(knownHere(world).length, MANY - 1)
  })

  test('an empty list, and changes that were swept, cost one clearing and not one at each poll', async () => {
    const world = await openWorld()
    const [first = 0, second = 0] = SELECTORS
    const read = () => world.cached.findSession(second, 'memory')
    for (const isWritten of [false, true]) {
      if (isWritten) world.write(first)
      await world.cached.poll()
      for (let minute = 0; minute < 61; minute += 1) {
        world.pass(59_000)
        await world.cached.poll()
      }
      world.sweep()
      await world.cached.poll()
      await read()
      for (let turn = 0; turn < 3; turn += 1) await world.cached.poll()
      assert.deepEqual(knownHere(world), [second])
    }
  })
})

/** What has to be done in the database so that the last change never was, and its number is given again. */
type PutBack = (lastSeq: number) => Promise<void>

async function missesNothing(truth: Store, putBack: PutBack): Promise<void> {
  const cached = cacheSessions(truth, createTestClocks())
  for (const n of [1, 2, 3]) await truth.recordLogin(firstLogin(n))
  for (const n of [1, 2]) await end(truth, n)
  await cached.poll()
  assert.notEqual(await found(cached, 3), null)
  const last = (await truth.listChanges({ afterSeq: 0, limit: 9 })).at(-1)
  await putBack(last?.seq ?? 0)
  await end(truth, 3)
  const [again] = (await truth.listChanges({ afterSeq: 0, limit: 9 })).slice(-1)
  assert.equal(again?.seq, last?.seq, 'the number was given again')
  await cached.poll()
  assert.equal((await found(cached, 3))?.endedAtMs, NOW_MS)
}

async function end(store: Store, n: number): Promise<void> {
  const one = { selector: sampleSelector(n), userId: sampleUserId(n), atMs: NOW_MS, events: [] }
  assert.equal(await store.endSession({ ...one, reason: 'logged_out' }), true)
}

const found = (cached: CachedStore, n: number) => cached.findSession(sampleSelector(n), 'memory')

describe('[T37] a number of `changes` that is given again, on', () => {
  test('SQLite, where no file can be restored beneath a server, and a hand can', async (t: TestContext) => {
    const file = testFile(t)
    const truth = await openTestStore(t, { file })
    await missesNothing(truth, async (lastSeq) => {
      const db = loadDriver().open(file)
      db.exec(`DELETE FROM changes WHERE seq = ${lastSeq}`)
      db.exec(`UPDATE sqlite_sequence SET seq = ${lastSeq - 1} WHERE name = 'changes'`)
      db.close()
    })
  })

  describe('PostgreSQL', needs('postgresql'), () => {
    const bench = setPostgresBench()
    test('no revocation is missed', async (t) => {
      const database = await bench().createBook()
      const pool = bench().server.pool(database)
      t.after(() => pool.end())
      await missesNothing(await bench().open(t, { database }), async (lastSeq) => {
        await pool.query(`DELETE FROM yaopai.changes WHERE seq = ${lastSeq}`)
        await pool.query(`SELECT setval('yaopai.changes_seq', ${lastSeq - 1})`)
      })
    })
  })

  describe('MySQL', needs('mariadb'), () => {
    const bench = setMysqlBench()
    test('no revocation is missed', async (t) => {
      const database = await bench().createBook()
      await missesNothing(await bench().open(t, { database }), async (lastSeq) => {
        await bench().server.ask(database, `DELETE FROM yaopai_changes WHERE seq = ${lastSeq}`)
        await bench().server.ask(database, `ALTER TABLE yaopai_changes AUTO_INCREMENT = ${lastSeq}`)
      })
    })
  })
})
