import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { StoreUnavailableError } from '../../errors.ts'
import { firstLogin, NOW_MS, sampleSelector, sampleUserId } from '../contract/samples.ts'
import type { Store } from '../store.ts'
import { setBench } from './testing/open-test-store.ts'
import { type OtherNode, openOtherNode, untilSomebodyWaits } from './testing/other-node.ts'

describe('changes that are committed in another order than they were numbered', needs('mariadb'), () => {
  const bench = setBench()

  /** A store with users 1 and 2, and the transaction of another node that has numbered a change of user 9. */
  async function openBeside(t: TestContext): Promise<{ store: Store; late: OtherNode }> {
    const database = await bench().createBook()
    const store = await bench().open(t, { database })
    for (const n of [1, 2]) await store.recordLogin(firstLogin(n))
    await end(store, 1)
    const late = await openOtherNode(t, bench().server, database)
    await late.ask('START TRANSACTION')
    await late.ask('SELECT id FROM yaopai_gates WHERE id = 512 LOCK IN SHARE MODE')
    await late.ask(`INSERT INTO yaopai_changes (at_ms, user_id, selector) VALUES (1, 'usr_late', 9)`)
    return { store, late }
  }

  test('who lists them waits for the late one: none is passed over', async (t) => {
    const { store, late } = await openBeside(t)
    await end(store, 2)
    const listing = selectorsAfter(store, 0)
    await Promise.race([untilSomebodyWaits(late), listing])
    await late.ask('COMMIT')
    assert.deepEqual(await listing, [sampleSelector(1), 9, sampleSelector(2)])
  })

  test('where it is too late, nothing is listed: a list with a hole would look like all there is', async (t) => {
    const { store, late } = await openBeside(t)
    await end(store, 2)
    const [first] = await store.listChanges({ afterSeq: 0, limit: 1 })
    await assert.rejects(selectorsAfter(store, first?.seq ?? 0), StoreUnavailableError)
    await late.ask('COMMIT')
    assert.deepEqual(await selectorsAfter(store, first?.seq ?? 0), [9, sampleSelector(2)])
  })

  test('a number that was given up keeps nobody waiting', async (t) => {
    const { store, late } = await openBeside(t)
    await end(store, 2)
    await late.ask('ROLLBACK')
    assert.deepEqual(await selectorsAfter(store, 0), [sampleSelector(1), sampleSelector(2)])
  })

  test('a listing that waits keeps no login waiting, and one without a hole does not wait', async (t) => {
    const { store, late } = await openBeside(t)
    assert.deepEqual(await selectorsAfter(store, 0), [sampleSelector(1)])
    await end(store, 2)
    const listing = selectorsAfter(store, 0)
    await Promise.race([untilSomebodyWaits(late), listing])
    await store.recordLogin(firstLogin(3))
    assert.notEqual(await store.findSession(sampleSelector(3)), null)
    await late.ask('ROLLBACK')
    assert.deepEqual(await listing, [sampleSelector(1), sampleSelector(2)])
  })

  test('where the server numbers in steps, as in a cluster, each is listed once and in order', async (t) => {
    const database = await bench().createBook()
    await bench().server.ask(
      null,
      'SET GLOBAL auto_increment_increment = 7, GLOBAL auto_increment_offset = 3',
    )
    t.after(() =>
      bench().server.ask(null, 'SET GLOBAL auto_increment_increment = 1, GLOBAL auto_increment_offset = 1'),
    )
    const store = await bench().open(t, { database })
    for (const n of [1, 2, 3]) await store.recordLogin(firstLogin(n))
    for (const n of [1, 2, 3]) await end(store, n)
    assert.deepEqual(await selectorsAfter(store, 0), [1, 2, 3].map(sampleSelector))
  })
})

async function end(store: Store, n: number): Promise<void> {
  const one = { selector: sampleSelector(n), userId: sampleUserId(n), atMs: NOW_MS, events: [] }
  assert.equal(await store.endSession({ ...one, reason: 'logged_out' }), true)
}

async function selectorsAfter(store: Store, afterSeq: number): Promise<(number | null)[]> {
  return (await store.listChanges({ afterSeq, limit: 10 })).map(({ selector }) => selector)
}
