import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { StoreUnavailableError } from '../../../errors.ts'
import { firstLogin, NOW_MS, sampleSelector, sampleUserId } from '../../contract/samples.ts'
import type { Store } from '../../store.ts'
import type { OtherNode, SqlBench, SqlCase } from './sql-bench.ts'

/** `drawNumber`: what another node asks to number a change of session 9. `limits`: so that a lock is soon given up. */
export function changeCases(drawNumber: readonly string[], limits: Record<string, unknown>): SqlCase[] {
  /** A store with users 1 and 2, and the transaction of another node that has numbered a change. */
  const openBeside = async (
    t: TestContext,
    bench: SqlBench,
    own = {},
  ): Promise<{ store: Store; late: OtherNode }> => {
    const database = await bench.createBook()
    const store = await bench.open(t, { database, limits: own })
    for (const n of [1, 2]) await store.recordLogin(firstLogin(n))
    await endSession(store, 1)
    const late = await bench.openOther(t, database)
    await late.ask('START TRANSACTION')
    for (const text of drawNumber) await late.ask(text)
    return { store, late }
  }
  return [
    {
      title: 'who lists them waits for the late one: none is passed over',
      async run(t, bench) {
        const { store, late } = await openBeside(t, bench)
        await endSession(store, 2)
        const listing = selectorsAfter(store, 0)
        await Promise.race([bench.untilSomebodyWaits(late), listing])
        await late.ask('COMMIT')
        assert.deepEqual(await listing, [sampleSelector(1), 9, sampleSelector(2)])
      },
    },
    {
      title: 'where it is too late, nothing is listed: a list with a hole would look like all there is',
      async run(t, bench) {
        const { store, late } = await openBeside(t, bench, limits)
        await endSession(store, 2)
        const [first] = await store.listChanges({ afterSeq: 0, limit: 1 })
        await assert.rejects(selectorsAfter(store, first?.seq ?? 0), StoreUnavailableError)
        await late.ask('COMMIT')
        assert.deepEqual(await selectorsAfter(store, first?.seq ?? 0), [9, sampleSelector(2)])
      },
    },
    {
      title: 'a number that was given up keeps nobody waiting',
      async run(t, bench) {
        const { store, late } = await openBeside(t, bench)
        await endSession(store, 2)
        await late.ask('ROLLBACK')
        assert.deepEqual(await selectorsAfter(store, 0), [sampleSelector(1), sampleSelector(2)])
      },
    },
    {
      title: 'a listing that waits keeps no login waiting, and one without a hole does not wait',
      async run(t, bench) {
        const { store, late } = await openBeside(t, bench)
        assert.deepEqual(await selectorsAfter(store, 0), [sampleSelector(1)])
        await endSession(store, 2)
        const listing = selectorsAfter(store, 0)
        await Promise.race([bench.untilSomebodyWaits(late), listing])
        await store.recordLogin(firstLogin(3))
        assert.notEqual(await store.findSession(sampleSelector(3)), null)
        await late.ask('ROLLBACK')
        assert.deepEqual(await listing, [sampleSelector(1), sampleSelector(2)])
      },
    },
  ]
}

export async function endSession(store: Store, n: number): Promise<void> {
  const one = { selector: sampleSelector(n), userId: sampleUserId(n), atMs: NOW_MS, events: [] }
  assert.equal(await store.endSession({ ...one, reason: 'logged_out' }), true)
}

export async function selectorsAfter(store: Store, afterSeq: number): Promise<(number | null)[]> {
  return (await store.listChanges({ afterSeq, limit: 10 })).map(({ selector }) => selector)
}
