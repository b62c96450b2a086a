import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { parallelCases } from '../contract/parallel.ts'
import { raceCases } from '../contract/races.ts'
import { firstLogin, sampleSession, sweepOrder } from '../contract/samples.ts'
import type { Store } from '../store.ts'
import { PATIENT, setBench } from './testing/open-test-store.ts'

describe('several nodes on one database', needs('postgresql'), () => {
  const bench = setBench()

  async function openNodes(t: TestContext): Promise<[Store, Store]> {
    const database = await bench().createBook()
    const options = { database, limits: PATIENT }
    return [await bench().open(t, options), await bench().open(t, options)]
  }

  describe('what the contract says of calls that meet, each call on the other node', () => {
    for (const { title, run } of [...parallelCases, ...raceCases]) {
      test(title, async (t) => run(inTurns(await openNodes(t))))
    }
  })

  test('two nodes that sweep at once take each row once', async (t) => {
    const [one, other] = await openNodes(t)
    const numbers = Array.from({ length: 60 }, (_, n) => n + 1)
    await Promise.all(
      numbers.map((n) =>
        one.recordLogin(firstLogin(n, { code: null, session: sampleSession(n, { idleDeadlineMs: 1 }) })),
      ),
    )
    const order = sweepOrder({ sessionsBeforeMs: 1_000, limit: 20 })
    let swept = 0
    for (let turn = 0; turn < 3; turn += 1) {
      for (const count of await Promise.all([one.sweep(order), other.sweep(order)])) {
        assert.ok(count <= order.limit)
        swept += count
      }
    }
    assert.equal(swept, numbers.length)
  })
})

/** Each call goes to the next of the nodes. */
function inTurns(nodes: readonly Store[]): Store {
  let turn = 0
  return new Proxy({} as Store, {
    get: (_, name: keyof Store) => {
      turn += 1
      const node = nodes[turn % nodes.length] as Store
      return node[name]?.bind(node)
    },
  })
}
