import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { joinNodes, type NodeRecord } from './nodes.ts'
import { DatabaseError } from './store/database-error.ts'
import { createMemoryStore } from './store/memory/memory-store.ts'

const NOW_MS = 1_800_000_000_000

function setUp() {
  const store = createMemoryStore()
  const lines: string[] = []
  const telemetry = { log: (_: string, event: string) => void lines.push(event), count: () => undefined }
  const services = { store, telemetry, clock: { nowMs: () => NOW_MS } }
  const join = (keys: Record<string, string>, more: Partial<NodeRecord> = {}) => {
    const prints = Object.entries(keys).map(([kid, print]) => ({ kid, print }))
    return joinNodes(services, {
      id: `n${lines.length}${Math.random()}`,
      seenAtMs: NOW_MS,
      appids: ['wx1'],
      keys: prints,
      ...more,
    })
  }
  const refused = (joining: Promise<unknown>, pattern: RegExp) =>
    assert.rejects(
      joining,
      (error) => error instanceof DatabaseError && error.exitCode === 78 && pattern.test(error.message),
    )
  return { store, services, lines, join, refused }
}

describe('[R31] nodes that meet on one book', () => {
  test('a key of the same name with other bytes is refused, also after the last node has gone', async () => {
    const { join, refused } = setUp()
    const leave = await join({ k1: 'aa' })
    await refused(join({ k1: 'bb' }), /master key k1 is not the one/)
    await leave()
    await refused(join({ k1: 'bb' }), /master key k1/)
    await refused(join({ k2: 'cc', k1: 'bb' }, { seenAtMs: NOW_MS + 9e9 }), /master key k1/)
  })

  test('keys rotate: one in common is enough, and the difference is told; without one it is refused', async () => {
    const { join, refused, lines } = setUp()
    const first = await join({ k1: 'aa' })
    await refused(join({ k2: 'bb' }), /master keys k1, this one has k2/)
    assert.deepEqual(lines, [])
    const second = await join({ k2: 'bb', k1: 'aa' })
    assert.deepEqual(lines, ['nodes.differ'])
    await first()
    const third = await join({ k2: 'bb' })
    for (const leave of [second, third]) await leave()
  })

  test('apps may be added node by node, but two with nothing in common are not of one installation', async () => {
    const { join, refused } = setUp()
    const leave = await join({ k1: 'aa' })
    const both = await join({ k1: 'aa' }, { appids: ['wx1', 'wx2'] })
    await refused(join({ k1: 'aa' }, { appids: ['wx3'] }), /serves wx1, this one wx3/)
    for (const end of [leave, both]) await end()
  })

  test('clocks that are apart are told, and refused beyond a minute', async () => {
    const { join, refused, lines } = setUp()
    const leave = await join({ k1: 'aa' })
    const late = await join({ k1: 'aa' }, { seenAtMs: NOW_MS - 5_000 })
    assert.deepEqual(lines, ['nodes.clocks_apart'])
    await refused(join({ k1: 'aa' }, { seenAtMs: NOW_MS - 61_000 }), /61 seconds ahead/)
    for (const end of [leave, late]) await end()
  })

  test('a node that was killed is forgotten, and ten that come at once all enter', async () => {
    const { join, store } = setUp()
    const killed = await join({ k1: 'aa' })
    const late = { seenAtMs: NOW_MS + 31_000 }
    const leaves = await Promise.all(Array.from({ length: 10 }, () => join({ k1: 'aa' }, late)))
    assert.equal(JSON.parse((await store.findNote('nodes')) ?? '[]').length, 10)
    for (const leave of [killed, ...leaves]) await leave()
  })

  test('keys that a node took over while it ran are told at its next beat: who has only these may join', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const { store, services, join, refused } = setUp()
    const node = (kid: string) => ({
      id: 'n',
      seenAtMs: NOW_MS,
      appids: ['wx1'],
      keys: [{ kid, print: kid }],
    })
    let now = node('k1')
    const leave = await joinNodes(services, node('k1'), { current: () => now })
    await refused(join({ k2: 'k2' }), /this one has k2/)
    now = node('k2')
    t.mock.timers.tick(5_000)
    while ((await store.findNote('nodes'))?.includes('k1')) await new Promise(setImmediate)
    for (const end of [leave, await join({ k2: 'k2' })]) await end()
  })
})
