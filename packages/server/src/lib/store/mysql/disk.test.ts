import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { StoreUnavailableError } from '../../errors.ts'
import {
  eventsOf,
  firstLogin,
  sampleEvent,
  sampleSelector,
  sampleUserId,
  sweepOrder,
} from '../contract/samples.ts'
import type { Store } from '../store.ts'
import { setBench } from './testing/open-test-store.ts'

/** Space that was freed is given out again by a thread of the server's own, which a busy machine keeps waiting. */
const GIVEN_UP_AFTER_MS = 60_000

describe('a MariaDB whose disk is full', needs('mariadb'), () => {
  // One file for all tables that may not grow, since a real disk cannot be filled here.
  const bench = setBench({
    'innodb-file-per-table': '0',
    'innodb-data-file-path': 'ibdata1:12M:autoextend:max:18M',
  })

  test('[R04] is unavailable for writes, answers reads, and works again by itself once there is room', async (t) => {
    const store = await bench().open(t)
    assert.equal(await store.recordLogin(firstLogin(1)), 'recorded')
    const events = Array.from({ length: 200 }, (_, n) =>
      sampleEvent(n, { facts: { text: 'x'.repeat(60_000) } }),
    )
    const filled = await fill(store, events)
    assert.ok(filled < events.length, 'it got full')
    await assert.rejects(store.appendEvents(events.slice(filled, filled + 1)), (error) => {
      assert.match(String((error as StoreUnavailableError).cause), /MySQL refused \(1114 /)
      return error instanceof StoreUnavailableError
    })
    assert.equal((await store.findSession(sampleSelector(1)))?.userId, sampleUserId(1))
    assert.equal((await eventsOf(store, 1)).length, filled)
    await store.sweep(sweepOrder({ eventsBeforeMs: Number.MAX_SAFE_INTEGER }))
    await store.check()
    const untilMs = performance.now() + GIVEN_UP_AFTER_MS
    while (performance.now() < untilMs) {
      const outcome = await store.appendEvents(events.slice(0, 1)).then(
        () => 'written',
        () => 'full',
      )
      if (outcome === 'written') return
    }
    assert.fail('It never got room again')
  })
})

/** How many went in before the first that did not. */
async function fill(store: Store, events: readonly ReturnType<typeof sampleEvent>[]): Promise<number> {
  for (const [place, event] of events.entries()) {
    try {
      await store.appendEvents([event])
    } catch (error) {
      assert.ok(error instanceof StoreUnavailableError, String(error))
      return place
    }
  }
  return events.length
}
