import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { parallelCases } from '../../contract/parallel.ts'
import { raceCases } from '../../contract/races.ts'
import { firstLogin, sampleSession, sweepOrder } from '../../contract/samples.ts'
import type { Store } from '../../store.ts'
import type { SqlBench, SqlCase } from './sql-bench.ts'

/** For hundreds of calls at once on a busy machine: then a free connection may take long, and nothing is wrong. */
export const PATIENT = { connectMs: 30_000, lookUpMs: 30_000 } as const

async function openNodes(t: TestContext, bench: SqlBench): Promise<[Store, Store]> {
  const options = { database: await bench.createBook(), limits: PATIENT }
  return [await bench.open(t, options), await bench.open(t, options)]
}

/** What the contract says of calls that meet, each call on the other node. */
export const meetingCases: SqlCase[] = [...parallelCases, ...raceCases].map(({ title, run }) => ({
  title,
  run: async (t, bench) => run(inTurns(await openNodes(t, bench))),
}))

export const sweepCases: SqlCase[] = [
  {
    title: 'two nodes that sweep at once take each row once',
    async run(t, bench) {
      const [one, other] = await openNodes(t, bench)
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
    },
  },
]

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
