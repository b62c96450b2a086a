import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { StoreUnavailableError } from '../../errors.ts'
import { eventsOf, firstLogin, NOW_MS, sampleEvent, sampleUserId } from '../contract/samples.ts'
import { ban } from '../sql/testing/ban.ts'
import { commitCases, stepsCase } from '../sql/testing/commit-cases.ts'
import { testCases } from '../sql/testing/sql-bench.ts'
import { setBench } from './testing/open-test-store.ts'

const USER = sampleUserId(1)

describe('a connection that breaks about a commit', needs('mariadb'), () => {
  const bench = setBench()
  testCases([...commitCases, stepsCase(2)], bench)

  test('[R15] a statement that the server refuses with the commit leaves nothing of the rest', async (t) => {
    const store = await bench().open(t)
    await store.recordLogin(firstLogin(1))
    const events = [sampleEvent(1, { sessionId: `ses_${'x'.repeat(100)}` })]
    await assert.rejects(
      store.setUserBan({ userId: USER, bannedAtMs: NOW_MS, events }),
      StoreUnavailableError,
    )
    assert.deepEqual([(await store.findUser(USER))?.bannedAtMs, await eventsOf(store, 1)], [null, []])
    assert.equal(await ban(store), true)
  })
})
