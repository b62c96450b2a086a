import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { firstLogin, sampleSelector } from '../contract/samples.ts'
import { changeCases, endSession, selectorsAfter } from '../sql/testing/change-cases.ts'
import { testCases } from '../sql/testing/sql-bench.ts'
import { setBench } from './testing/open-test-store.ts'

const DRAW = [
  'SELECT id FROM yaopai_gates WHERE id = 512 LOCK IN SHARE MODE',
  `INSERT INTO yaopai_changes (at_ms, user_id, selector) VALUES (1, 'usr_late', 9)`,
]

describe('changes that are committed in another order than they were numbered', needs('mariadb'), () => {
  const bench = setBench()
  testCases(changeCases(DRAW, { lateRepeats: 0 }), bench)

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
    for (const n of [1, 2, 3]) await endSession(store, n)
    assert.deepEqual(await selectorsAfter(store, 0), [1, 2, 3].map(sampleSelector))
  })
})
