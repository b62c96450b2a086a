import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StoreUnavailableError } from '../../errors.ts'
import { sweep } from '../../sweep.ts'
import {
  firstLogin,
  HOUR_MS,
  laterLogin,
  NOW_MS,
  samplePromotion,
  sampleRenewal,
  sampleSelector,
  sampleUserId,
  sweepOrder,
} from '../contract/samples.ts'
import { runStoreContract } from '../contract.ts'
import { createMemoryStore } from '../memory/memory-store.ts'
import { openTestStore } from '../sqlite/testing/open-test-store.ts'
import type { Store } from '../store.ts'
import { type CachedStore, cacheSessions } from './cached-store.ts'
import { createSessionMemory } from './session-memory.ts'
import { controlled, createTestClocks } from './testing/controlled.ts'

/** Every look at a session goes to the memory first. */
async function fromMemory(store: Store): Promise<Store> {
  const cached = cacheSessions(store, { clock: { nowMs: () => NOW_MS }, maxEntries: 1_000 })
  await cached.poll()
  return { ...cached, findSession: (selector) => cached.findSession(selector, 'memory') }
}

runStoreContract('cached memory', () => fromMemory(createMemoryStore()))
runStoreContract('cached sqlite', async (t) => fromMemory(await openTestStore(t)))

async function openRig() {
  const clocks = createTestClocks()
  const truth = createMemoryStore({ clock: clocks.clock })
  const control = controlled(truth)
  const cached = cacheSessions(control.store, clocks)
  for (const n of [1, 2, 3]) await truth.recordLogin(firstLogin(n))
  await cached.poll()
  return { ...clocks, truth, control, cached }
}

const remembered = (cached: CachedStore, n: number) => cached.findSession(sampleSelector(n), 'memory')

function ending(n: number) {
  const one = { selector: sampleSelector(n), userId: sampleUserId(n), atMs: NOW_MS, events: [] }
  return { ...one, reason: 'logged_out' } as const
}

describe('sessions that are remembered', () => {
  test('the second look costs no read; one that must be the truth does', async () => {
    const { cached, control } = await openRig()
    const first = await remembered(cached, 1)
    assert.deepEqual(await remembered(cached, 1), first)
    assert.equal(control.calls('findSession'), 1)
    await cached.findSession(sampleSelector(1))
    assert.equal(control.calls('findSession'), 2)
    const { hits, misses, stale, entries } = cached.cacheStats()
    assert.deepEqual({ hits, misses, stale, entries }, { hits: 1, misses: 1, stale: 0, entries: 1 })
  })

  test('who asks at once, and then by a read, is counted once; so is who asks again', async (t) => {
    const { cached } = await openRig()
    const countsOf = ({ hits, misses, stale }: ReturnType<CachedStore['cacheStats']>) => [hits, misses, stale]
    assert.equal(cached.recallSession(sampleSelector(1)), null)
    await remembered(cached, 1)
    assert.deepEqual(countsOf(cached.cacheStats()), [0, 1, 0])
    assert.notEqual(cached.recallSession(sampleSelector(1)), null)
    assert.deepEqual(countsOf(cached.cacheStats()), [1, 1, 0])
    const sqlite = await openTestStore(t)
    await sqlite.recordLogin(firstLogin(1))
    const beside = cacheSessions(sqlite, createTestClocks())
    await beside.poll()
    for (let turn = 0; turn < 3; turn += 1) assert.notEqual(beside.recallSession(sampleSelector(1)), null)
    assert.deepEqual(countsOf(beside.cacheStats()), [2, 1, 0])
  })

  test('nothing is remembered before the first poll has said where to begin', async () => {
    const clocks = createTestClocks()
    const truth = createMemoryStore()
    await truth.recordLogin(firstLogin(1))
    const control = controlled(truth)
    const cached = cacheSessions(control.store, clocks)
    await remembered(cached, 1)
    await remembered(cached, 1)
    assert.equal(control.calls('findSession'), 2)
    assert.equal(cached.cacheStats().pollAgeMs, null)
  })

  test('neither the dead, nor the banned, nor what is not there is remembered', async () => {
    const { cached, truth, control } = await openRig()
    await truth.endSession(ending(1))
    await truth.setUserBan({ userId: sampleUserId(2), bannedAtMs: NOW_MS, events: [] })
    for (const n of [1, 2, 9]) {
      await remembered(cached, n)
      await remembered(cached, n)
    }
    assert.equal(control.calls('findSession'), 6)
    assert.equal(cached.cacheStats().entries, 0)
  })

  test('one whose time seems over is read again: another node may have written a later deadline', async () => {
    const { cached, truth, pass } = await openRig()
    await remembered(cached, 1)
    const deadlineMs = NOW_MS + 100 * HOUR_MS
    await truth.touchSession(sampleSelector(1), deadlineMs)
    pass(73 * HOUR_MS - 100)
    await cached.poll()
    pass(100)
    assert.equal((await remembered(cached, 1))?.idleDeadlineMs, deadlineMs)
  })

  test('the memory holds so many, and those of a user are dropped together', () => {
    const memory = createSessionMemory(2)
    const session = (n: number, user: number) => {
      const { session: record } = laterLogin(n, user)
      return { ...record, user: { id: record.userId } as never, pending: null, renewals: 0 }
    }
    for (const [n, user] of [
      [1, 1],
      [2, 1],
      [3, 2],
    ] as const)
      memory.put(session(n, user))
    assert.deepEqual(
      [1, 2, 3].map((n) => memory.get(sampleSelector(n)) !== null),
      [false, true, true],
    )
    memory.put(session(2, 1))
    memory.dropUser(sampleUserId(1))
    assert.equal(memory.get(sampleSelector(2)), null)
    assert.equal(memory.size, 1)
    memory.clear()
    assert.equal(memory.size, 0)
  })
})

describe('[T37] what ends on another node', () => {
  test('is refused from the poll on, and within a second without one', async () => {
    const { cached, truth, pass } = await openRig()
    for (const n of [1, 2]) await remembered(cached, n)
    await truth.endSession(ending(1))
    pass(300)
    assert.equal((await remembered(cached, 1))?.endedAtMs, null)
    await cached.poll()
    assert.equal((await remembered(cached, 1))?.endedAtMs, NOW_MS)
    await truth.endSession(ending(2))
    pass(999)
    assert.equal((await remembered(cached, 2))?.endedAtMs, null)
    pass(1)
    assert.equal((await remembered(cached, 2))?.endedAtMs, NOW_MS)
  })

  test('a change of all of a user drops all of their sessions', async () => {
    const { cached, truth } = await openRig()
    await truth.recordLogin(laterLogin(4, 1, { seenSelectors: [sampleSelector(1)] }))
    for (const n of [1, 4, 2]) await remembered(cached, n)
    await truth.setUserBan({ userId: sampleUserId(1), bannedAtMs: NOW_MS, events: [] })
    await cached.poll()
    for (const n of [1, 4]) assert.equal((await remembered(cached, n))?.user.bannedAtMs, NOW_MS)
    assert.equal(cached.cacheStats().entries, 1)
  })

  test('a poll counts from when it began, however long its answer takes', async () => {
    const { cached, truth, control, pass } = await openRig()
    await remembered(cached, 1)
    const hold = control.holdAnswers('listChanges')
    const polling = cached.poll()
    await truth.endSession(ending(1))
    pass(900)
    hold.release()
    await polling
    assert.equal(cached.cacheStats().pollAgeMs, 900)
    pass(100)
    assert.equal((await remembered(cached, 1))?.endedAtMs, NOW_MS)
  })

  test('a read that the change overtakes is answered and not remembered', async () => {
    const { cached, truth, control } = await openRig()
    const hold = control.holdAnswers('findSession')
    const reading = remembered(cached, 1)
    await truth.endSession(ending(1))
    await cached.poll()
    hold.release()
    assert.equal((await reading)?.endedAtMs, null)
    assert.equal((await remembered(cached, 1))?.endedAtMs, NOW_MS)
  })

  test('a read that a ban overtakes is not remembered: of whom it is, is known when it is over', async () => {
    const { cached, truth, control } = await openRig()
    const hold = control.holdAnswers('findSession')
    const reading = remembered(cached, 1)
    await truth.setUserBan({ userId: sampleUserId(1), bannedAtMs: NOW_MS, events: [] })
    await cached.poll()
    hold.release()
    assert.equal((await reading)?.user.bannedAtMs, null)
    assert.equal((await remembered(cached, 1))?.user.bannedAtMs, NOW_MS)
  })

  test('polls do not overlap, and many pages are one poll', async () => {
    const { cached, truth, control } = await openRig()
    await remembered(cached, 1)
    for (let turn = 0; turn < 1_000; turn += 1)
      await truth.setUserBan({ userId: sampleUserId(2), bannedAtMs: turn % 2 ? null : NOW_MS, events: [] })
    await truth.endSession(ending(1))
    const before = control.calls('listChanges')
    await Promise.all([cached.poll(), cached.poll(), cached.poll()])
    assert.equal(control.calls('listChanges') - before, 2)
    assert.equal((await remembered(cached, 1))?.endedAtMs, NOW_MS)
  })
})

describe('what this node writes itself', () => {
  const WRITES: readonly (readonly [string, (store: Store) => Promise<unknown>])[] = [
    ['endSession', (store) => store.endSession(ending(1))],
    [
      'endUserSessions',
      (store) => store.endUserSessions({ ...ending(1), exceptSelector: null, reason: 'revoked_by_admin' }),
    ],
    ['setUserBan', (store) => store.setUserBan({ userId: sampleUserId(1), bannedAtMs: NOW_MS, events: [] })],
    [
      'updateProfile',
      (store) => store.updateProfile({ userId: sampleUserId(1), nickname: 'new', events: [] }),
    ],
    ['closeAccount', (store) => store.closeAccount({ userId: sampleUserId(1), atMs: NOW_MS, events: [] })],
    ['touchSession', (store) => store.touchSession(sampleSelector(1), NOW_MS + 100 * HOUR_MS)],
    ['startRenewal', (store) => store.startRenewal(sampleRenewal(1))],
    [
      'recordLogin',
      (store) =>
        store.recordLogin(
          laterLogin(4, 1, {
            seenSelectors: [sampleSelector(1)],
            endSessions: [{ selector: sampleSelector(1), reason: 'replaced', atMs: NOW_MS }],
          }),
        ),
    ],
  ]

  for (const [name, write] of WRITES) {
    test(`counts at once, also for who read while it was under way: ${name}`, async () => {
      const { cached, truth, control } = await openRig()
      const before = await remembered(cached, 1)
      const hold = control.holdAnswers('findSession')
      const reading = remembered(cached, 2).then(() => remembered(cached, 1))
      const writing = write(cached)
      assert.equal(cached.recallSession(sampleSelector(1)), null, 'dropped before the write began')
      hold.release()
      await Promise.all([writing, reading])
      const after = await remembered(cached, 1)
      assert.notDeepEqual(after, before)
      assert.deepEqual(after, await truth.findSession(sampleSelector(1)))
    })

    test(`drops also what may have been written though it failed: ${name}`, async () => {
      const { cached, control } = await openRig()
      await remembered(cached, 1)
      control.fail(name as keyof Store, new StoreUnavailableError(new Error('gone')))
      const writing = write(cached)
      await remembered(cached, 1)
      await assert.rejects(writing, StoreUnavailableError)
      assert.equal(cached.recallSession(sampleSelector(1)), null)
    })
  }

  test('the first use of a renewed token leaves no trace of the one before', async () => {
    const { cached } = await openRig()
    await cached.startRenewal(sampleRenewal(1))
    await remembered(cached, 1)
    assert.equal(await cached.promoteToken(samplePromotion(1)), true)
    assert.equal((await remembered(cached, 1))?.pending, null)
  })
})

describe('[T37] when the store does not answer', () => {
  test('polls fail for a second: the store is read; it fails too: the caller is told', async () => {
    const { cached, control, pass } = await openRig()
    const down = new StoreUnavailableError(new Error('down'))
    await remembered(cached, 1)
    control.fail('listChanges', down)
    await assert.rejects(cached.poll(), StoreUnavailableError)
    pass(999)
    assert.notEqual(cached.recallSession(sampleSelector(1)), null)
    pass(1)
    const reads = control.calls('findSession')
    await remembered(cached, 1)
    assert.equal(control.calls('findSession'), reads + 1)
    control.fail('findSession', down)
    await assert.rejects(remembered(cached, 1), StoreUnavailableError)
    assert.ok(cached.cacheStats().stale >= 2)
  })

  test('what was remembered before a short gap is good again after the next poll, unless it changed', async () => {
    const { cached, truth, control, pass } = await openRig()
    for (const n of [1, 2]) await remembered(cached, n)
    pass(10_000)
    await truth.endSession(ending(2))
    await cached.poll()
    const reads = control.calls('findSession')
    await remembered(cached, 1)
    assert.equal(control.calls('findSession'), reads)
    assert.equal((await remembered(cached, 2))?.endedAtMs, NOW_MS)
  })

  test('a node that slept so long that changes may have been swept forgets everything', async () => {
    const { cached, truth, pass, clock } = await openRig()
    await remembered(cached, 1)
    await truth.endSession(ending(1))
    pass(2 * HOUR_MS)
    await truth.sweep(sweepOrder({ changesBeforeMs: clock.nowMs() - HOUR_MS }))
    assert.deepEqual(await truth.listChanges({ afterSeq: 0, limit: 9 }), [])
    await cached.poll()
    assert.equal((await remembered(cached, 1))?.endedAtMs, NOW_MS)
  })

  test('a machine whose monotonic clock stood still while it slept is told by the wall clock', async () => {
    const { cached, truth, putWall } = await openRig()
    await remembered(cached, 1)
    await truth.endSession(ending(1))
    putWall(5_000)
    assert.equal((await remembered(cached, 1))?.endedAtMs, NOW_MS)
  })

  test('[T38] a wall clock that is put back makes nothing good for longer', async () => {
    const { cached, truth, putWall, pass } = await openRig()
    await remembered(cached, 1)
    await truth.endSession(ending(1))
    putWall(-HOUR_MS)
    pass(1_000)
    assert.equal((await remembered(cached, 1))?.endedAtMs, NOW_MS)
  })
})

describe('polling in turns', () => {
  test('asks now, then every 300 ms, less often while it fails, tells each turn once, and stops at the end', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const control = controlled(createMemoryStore())
    const turns: boolean[] = []
    const onPollTurn = (failure: unknown) => void turns.push(failure !== null)
    const cached = cacheSessions(control.store, { ...createTestClocks(), onPollTurn })
    const passed = async (ms: number): Promise<number> => {
      const before = control.calls('listChanges')
      for (let step = 0; step < ms; step += 100) {
        t.mock.timers.tick(100)
        for (let turn = 0; turn < 20; turn += 1) await null
      }
      return control.calls('listChanges') - before
    }
    cached.startPolling()
    await passed(0)
    for (let turn = 0; turn < 20; turn += 1) await null
    assert.equal(control.calls('listChanges'), 1)
    assert.equal(await passed(3_000), 10)
    control.fail('listChanges', new StoreUnavailableError(new Error('down')))
    assert.ok((await passed(60_000)) <= 34)
    control.fail('listChanges', undefined)
    assert.ok((await passed(2_000)) >= 1)
    assert.equal(await passed(3_000), 10)
    assert.deepEqual(turns, [true, false])
    await cached.close()
    assert.equal(await passed(3_000), 0)
  })

  test('a poll that is under way at the end tells nothing any more', async () => {
    const { cached, truth, control } = await openRig()
    const hold = control.holdAnswers('listChanges')
    const polling = cached.poll()
    await truth.endSession(ending(1))
    await cached.close()
    hold.release()
    await polling
    assert.equal(cached.cacheStats().entries, 0)
  })
})

test('[T37][R13] an end is heard of although whose clock is hours behind wrote it, and whose clock is ahead swept', async () => {
  const book = createMemoryStore()
  const now = { nowMs: () => NOW_MS }
  const near = cacheSessions(book, { clock: now, monotonic: now })
  await book.recordLogin(firstLogin(1))
  await near.poll()
  assert.equal((await near.findSession(sampleSelector(1), 'memory'))?.endedAtMs, null)
  const atMs = NOW_MS - 2 * HOUR_MS
  const of = { selector: sampleSelector(1), userId: sampleUserId(1), events: [] }
  await book.endSession({ ...of, atMs, reason: 'revoked_by_admin' })
  await sweep({ store: book, clock: { nowMs: () => NOW_MS + 2 * HOUR_MS } }, 180)
  await near.poll()
  assert.equal((await near.findSession(sampleSelector(1), 'memory'))?.endedAtMs, atMs)
})
