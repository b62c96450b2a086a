import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { needs } from '../../tools/needs.ts'
import { monotonicMs } from '../histories/history.ts'
import { BOUND_MS } from '../histories/rules.ts'
import type { Engine } from './engines.ts'
import { type Fleet, startFleet } from './fleet.ts'
import { type Load, startLoad } from './load.ts'
import { HUB, proveOneToken } from './one-token.ts'
import { untilMs } from './recorder.ts'

const NAMES = ['a', 'b', 'c']
const ACTS = 8
const HITS = 30
const GIVEN_UP_AFTER_MS = 30_000

/** What three servers promise together: people on all of them at once, and a checker that replays it. */
export function testThreeNodes(engine: Engine): void {
  describe(`three nodes on one ${engine.name}`, needs(engine.needs), () => {
    let fleet: Fleet
    before(async () => {
      fleet = await startFleet(engine, NAMES, HUB)
    })
    after(() => fleet?.close())

    /** Answers from a node's memory are what may be wrong: without many of them the checker has nothing to judge. */
    async function actUntilRemembered(load: Load): Promise<void> {
      const untilMs = monotonicMs() + GIVEN_UP_AFTER_MS
      const hits = () => fleet.metric('b', 'session_cache_lookups_total{outcome="hit"}')
      await load.act(ACTS)
      while ((await hits()) < HITS) {
        assert.ok(monotonicMs() < untilMs, 'a node remembers hardly any session')
        await load.act(1)
      }
    }

    test('[T37] under load on all nodes no session is accepted a second after its end, and no login is lost', async (t) => {
      const { history, recorder } = fleet.record()
      const load = startLoad(recorder, NAMES)
      await actUntilRemembered(load).finally(load.stop)
      const byCommand = load.living.pop()
      assert.ok(byCommand)
      for (const node of NAMES) await recorder.validate(node, byCommand)
      assert.equal((await recorder.revoke(byCommand, fleet.direct)).outcome, 'ok')
      for (const node of NAMES) assert.equal((await recorder.validate(node, byCommand)).outcome, 'refused')
      await load.askAll()
      const { isAuditJudged } = await fleet.judge(history, t)
      assert.ok(isAuditJudged)
      assert.deepEqual(fleet.unanswered(history), [])
      assert.ok(load.ended.length >= 3, `${load.ended.length} sessions ended`)
      assert.ok((await fleet.metric('b', 'changes_poll_age_seconds')) >= 0)
    })

    test('[R14] a node that was stopped accepts nothing on waking that ended meanwhile', async (t) => {
      const { history, recorder } = fleet.record()
      const badge = await recorder.login('a', 'sleeper')
      assert.ok(badge)
      for (let turn = 0; turn < 3; turn += 1)
        assert.equal((await recorder.validate('b', badge)).outcome, 'ok')
      fleet.node('b').signal('SIGSTOP')
      const { ackedAtMs } = await recorder.logout('a', badge)
      await untilMs(ackedAtMs + BOUND_MS + 100)
      const first = recorder.validate('b', badge)
      fleet.node('b').signal('SIGCONT')
      assert.equal((await first).outcome, 'refused')
      await fleet.judge(history, t)
    })

    test('[F38] WeChat is asked for an access token once for all nodes, and one that a node forced is theirs too', () =>
      proveOneToken(fleet, NAMES))
  })
}
