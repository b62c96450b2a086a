import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { joinNodes } from './nodes.ts'
import type { NodeRecord } from './nodes-note.ts'
import { DatabaseError } from './store/database-error.ts'
import { createMemoryStore } from './store/memory/memory-store.ts'
import type { Store } from './store/store.ts'

const NOW_MS = 1_800_000_000_000
const BEAT_MS = 5_000

interface Given {
  readonly keys: Record<string, string>
  readonly appids?: readonly string[]
  /** How far its clock is ahead of the right time. */
  readonly aheadMs?: number
  readonly store?: Store
}

/** Nodes on one store, whose time passes when the test or one that listens lets it pass. */
function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const book = createMemoryStore()
  const lines: string[] = []
  const telemetry = { log: (_: string, event: string) => void lines.push(event), count: () => undefined }
  let passedMs = 0
  let lastId = 0
  const pass = async (ms: number): Promise<void> => {
    for (let leftMs = ms; leftMs > 0; leftMs -= 500) {
      passedMs += Math.min(500, leftMs)
      t.mock.timers.tick(Math.min(500, leftMs))
      for (let turn = 0; turn < 20; turn += 1) await null
    }
  }
  const recordOf = ({ keys, appids = ['wx1'], aheadMs = 0 }: Given): NodeRecord => {
    const prints = Object.entries(keys).map(([kid, print]) => ({ kid, print }))
    lastId += 1
    return { id: `n${lastId}`, seenAtMs: NOW_MS + passedMs + aheadMs, appids, keys: prints }
  }
  const join = (given: Given, current?: () => NodeRecord) => {
    const { aheadMs = 0, store = book } = given
    const services = { store, telemetry, clock: { nowMs: () => NOW_MS + passedMs + aheadMs } }
    const monotonic = { nowMs: () => passedMs }
    return joinNodes(services, recordOf(given), { pause: pass, monotonic, ...(current && { current }) })
  }
  /** A node that was killed: its word stays and it says no more. */
  const leaveBehind = async (given: Given) => {
    const expected = await book.findNote('nodes')
    const nodes = expected === null ? [] : (JSON.parse(expected) as NodeRecord[])
    const value = JSON.stringify([...nodes, recordOf(given)])
    assert.ok(await book.swapNote({ name: 'nodes', expected, value }))
  }
  const refused = (joining: Promise<unknown>, pattern: RegExp) =>
    assert.rejects(
      joining,
      (error) => error instanceof DatabaseError && error.exitCode === 78 && pattern.test(error.message),
    )
  const idsThere = async () =>
    (JSON.parse((await book.findNote('nodes')) ?? '[]') as NodeRecord[]).map(({ id }) => id)
  return { book, lines, pass, passed: () => passedMs, recordOf, join, leaveBehind, refused, idsThere }
}

const K1 = { keys: { k1: 'aa' } }
const K2 = { keys: { k2: 'bb' } }

describe('[R31] nodes that meet on one book', () => {
  test('a key of the same name with other bytes is refused at once, also after the last node has gone', async (t) => {
    const { join, refused, passed } = setUp(t)
    const wrong = { k1: 'bb' }
    const leave = await join(K1)
    await refused(join({ keys: wrong }), /master key k1 is not the one/)
    await leave()
    await refused(join({ keys: wrong }), /master key k1/)
    await refused(join({ keys: { k2: 'cc', ...wrong }, aheadMs: 9e9 }), /master key k1/)
    assert.equal(passed(), 0)
  })

  test('keys rotate: one in common is enough, and the difference is told; without one it is refused', async (t) => {
    const { join, refused, lines, passed } = setUp(t)
    const first = await join(K1)
    await refused(join(K2), /master keys k1, this one has k2/)
    assert.ok(passed() <= BEAT_MS, 'as soon as the other has spoken')
    assert.deepEqual(lines, ['nodes.listening'])
    await join({ keys: { k2: 'bb', k1: 'aa' } })
    assert.deepEqual(lines, ['nodes.listening', 'nodes.differ'])
    await first()
    await join(K2)
  })

  test('apps may be added node by node, but two with nothing in common are not of one installation', async (t) => {
    const { join, refused } = setUp(t)
    await join(K1)
    await join({ ...K1, appids: ['wx1', 'wx2'] })
    await refused(join({ ...K1, appids: ['wx3'] }), /serves wx1, this one wx3/)
  })

  test('a thousand apps leave room in the note, and who serves one that is not told there is not refused', async (t) => {
    const { join, refused, lines, book, idsThere } = setUp(t)
    const appids = Array.from({ length: 1_000 }, (_, n) => `wx${String(n).padStart(16, '0')}`)
    for (let count = 0; count < 3; count += 1) await join({ ...K1, appids })
    assert.deepEqual(lines, [])
    await join({ ...K1, appids: appids.slice(-1) })
    assert.ok(((await book.findNote('nodes'))?.length ?? 0) <= 8_192, 'what MySQL takes')
    assert.deepEqual(await idsThere(), ['n1', 'n2', 'n3', 'n4'])
    await refused(join({ ...K1, appids: ['wx3'] }), /this one wx3/)
  })

  test('keys that a node took over while it ran are told at its next beat: who has only these may join', async (t) => {
    const { join, refused, recordOf, pass } = setUp(t)
    let now = recordOf(K1)
    await join(K1, () => now)
    await refused(join(K2), /this one has k2/)
    now = recordOf(K2)
    await pass(BEAT_MS)
    await join(K2)
  })
})

describe('[R31] clocks of nodes', () => {
  test('that are apart are told, at the start and at each beat', async (t) => {
    const { join, lines, pass } = setUp(t)
    await join(K1)
    await join({ ...K1, aheadMs: -5_000 })
    assert.deepEqual(lines, ['nodes.clocks_apart'])
    await pass(2 * BEAT_MS)
    assert.ok(lines.length >= 2)
    assert.deepEqual(new Set(lines), new Set(['nodes.clocks_apart']))
  })

  test('one that most others contradict by more than a minute is refused', async (t) => {
    const { join, refused } = setUp(t)
    for (const aheadMs of [0, 100, 70_000]) await join({ ...K1, aheadMs })
    await refused(join({ ...K1, aheadMs: -61_000 }), /6\d seconds ahead/)
  })

  test('one bad clock keeps no healthy node out, whether it is ahead or behind, and drives none out', async (t) => {
    for (const aheadMs of [10 * 60_000, -10 * 60_000]) {
      const { join, lines, pass, idsThere } = setUp(t)
      await join({ ...K1, aheadMs })
      await join(K1)
      await join(K1)
      await pass(12 * BEAT_MS)
      assert.deepEqual((await idsThere()).sort(), ['n1', 'n2', 'n3'])
      assert.ok(lines.includes('nodes.clocks_apart'))
      t.mock.timers.reset()
    }
  })
})

describe('[R31] nodes that are gone', () => {
  test('one that was killed is forgotten, and ten that come at once all enter', async (t) => {
    const { join, leaveBehind, idsThere, pass } = setUp(t)
    await leaveBehind(K1)
    await pass(31_000)
    await Promise.all(Array.from({ length: 10 }, () => join(K1)))
    assert.equal((await idsThere()).length, 11)
    await pass(36_000)
    assert.equal((await idsThere()).length, 10)
    assert.ok(!(await idsThere()).includes('n1'))
  })

  test('servers that die one after the other do not fill the note', async (t) => {
    const { join, leaveBehind, idsThere, book } = setUp(t)
    for (let n = 0; n < 150; n += 1) await leaveBehind(K1)
    await join(K1)
    const length = (await book.findNote('nodes'))?.length ?? 0
    assert.ok(length > 7_000 && length <= 8_192, 'what MySQL takes')
    assert.equal((await idsThere()).at(-1), 'n151')
  })

  test('what a killed one left keeps nobody out for longer than three beats, however far its clock was ahead', async (t) => {
    for (const aheadMs of [0, 365 * 86_400_000]) {
      const { join, leaveBehind, passed, idsThere } = setUp(t)
      await leaveBehind({ ...K2, aheadMs })
      await join(K1)
      assert.equal(passed(), 15_000)
      assert.deepEqual(await idsThere(), ['n2'])
      t.mock.timers.reset()
    }
  })

  test('what fits and is dead goes after half a minute of silence, however far its clock was ahead', async (t) => {
    const { join, leaveBehind, pass, idsThere } = setUp(t)
    await leaveBehind({ ...K1, aheadMs: 365 * 86_400_000 })
    await join(K1)
    await pass(25_000)
    assert.deepEqual(await idsThere(), ['n1', 'n2'])
    await pass(15_000)
    assert.deepEqual(await idsThere(), ['n2'])
  })
})

describe('[R31] beats', () => {
  /** A store whose swaps wait, once they are held, until they are let go. */
  function holdable(book: Store) {
    let held: (() => void)[] | null = null
    let asked = 0
    const store: Store = {
      ...book,
      swapNote: async (swap) => {
        asked += 1
        if (held !== null) await new Promise<void>((go) => held?.push(go))
        return book.swapNote(swap)
      },
    }
    return {
      store,
      asked: () => asked,
      hold: () => {
        held = []
      },
      letGo: () => {
        const all = held ?? []
        held = null
        for (const go of all) go()
      },
    }
  }

  test('one that takes longer than its time is not joined by another', async (t) => {
    const { join, book, pass } = setUp(t)
    const { store, asked, hold, letGo } = holdable(book)
    await join({ ...K1, store })
    hold()
    await pass(4 * BEAT_MS)
    assert.equal(asked(), 2)
    letGo()
    await pass(BEAT_MS)
    assert.equal(asked(), 3)
  })

  test('one that is late brings nobody back who has said goodbye', async (t) => {
    const { join, book, pass, idsThere } = setUp(t)
    const { store, hold, letGo } = holdable(book)
    await join(K1)
    const leave = await join({ ...K1, store })
    hold()
    await pass(BEAT_MS)
    const leaving = leave()
    letGo()
    await leaving
    await pass(BEAT_MS)
    assert.deepEqual(await idsThere(), ['n1'])
  })
})

test('[R31] a note that is damaged is told and written anew; what can be read in it stays', async (t) => {
  for (const [note, left] of [
    ['nonsense', []],
    ['{"id":"x"}', []],
    ['[null,{"id":5},{"id":"old","seenAtMs":"now","appids":[],"keys":[]}]', []],
    [`[7,{"id":"n0","seenAtMs":${NOW_MS},"appids":["wx1"],"keys":[{"kid":"k1","print":"aa"}]}]`, ['n0']],
  ] as const) {
    const { join, book, lines, idsThere, pass } = setUp(t)
    await book.swapNote({ name: 'nodes', expected: null, value: note })
    await join(K1)
    assert.deepEqual(lines, ['nodes.note_damaged'])
    assert.deepEqual(await idsThere(), [...left, 'n1'])
    await book.swapNote({ name: 'nodes', expected: await book.findNote('nodes'), value: note })
    await pass(BEAT_MS)
    assert.deepEqual(await idsThere(), [...left, 'n1'])
    t.mock.timers.reset()
  }
})
