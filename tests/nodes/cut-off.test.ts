// What a node does that no longer hears of the others: one that is cut off from the database, and all of them.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { needs } from '../../tools/needs.ts'
import { monotonicMs, type Operation } from '../histories/history.ts'
import { BOUND_MS } from '../histories/rules.ts'
import { POSTGRES } from './engines.ts'
import { type Fleet, startFleet } from './fleet.ts'
import { type Badge, type Recorder, untilMs } from './recorder.ts'
import { openWay, type Way } from './way.ts'

const NAMES = ['a', 'far']
const ASK_EVERY_MS = 150
/** Nobody waits for longer: it is what the store waits for an answer, and time for a busy machine. */
const LONGEST_ANSWER_MS = 15_000

describe('a database that does not answer', needs('postgresql'), () => {
  let fleet: Fleet
  let way: Way
  before(async () => {
    fleet = await startFleet(POSTGRES, ['a'])
    way = await openWay(fleet.proxy.port)
    const DATABASE_URL = fleet.book.url.replace(/127\.0\.0\.1:\d+/, `${way.host}:${way.port}`)
    const far = await fleet.start('far', { env: { ...way.env, DATABASE_URL }, spawning: way.spawning })
    fleet.nodes.set('far', { ...far, publicUrl: way.urlOf(far.publicUrl) })
  })
  after(async () => {
    await fleet?.close()
    await way?.remove()
  })

  /** Two people who are known on both nodes. */
  async function two(recorder: Recorder): Promise<[Badge, Badge]> {
    const [one, other] = [await recorder.login('a', 'one'), await recorder.login('a', 'other')]
    assert.ok(one && other)
    for (const badge of [one, other])
      for (const node of NAMES) assert.equal((await recorder.validate(node, badge)).outcome, 'ok')
    return [one, other]
  }

  /** The time of its answers tells whether it came back by itself. */
  async function untilBack(recorder: Recorder, node: string, badge: Badge): Promise<void> {
    const endedAtMs = monotonicMs()
    let answer = await recorder.validate(node, badge)
    while (answer.outcome === 'unknown' && monotonicMs() < endedAtMs + 20_000) {
      await untilMs(monotonicMs() + ASK_EVERY_MS)
      answer = await recorder.validate(node, badge)
    }
    assert.equal(answer.outcome, 'ok')
  }

  test('[T37] a node that is cut off says 503 to everybody once its second is over, while the others go on', async (t) => {
    t.diagnostic(`cut by ${way.kind}`)
    const { history, recorder } = fleet.record()
    const [living, revoked] = await two(recorder)
    history.mark('fault.begun', 'the far node is cut off')
    way.cut()
    const end = await recorder.logout('a', revoked)
    assert.equal(end.outcome, 'ok')
    const asked: Promise<Operation>[] = []
    while (monotonicMs() < end.ackedAtMs + 2 * BOUND_MS) {
      asked.push(recorder.validate('far', revoked), recorder.validate('far', living))
      assert.equal((await recorder.validate('a', living)).outcome, 'ok')
      await untilMs(monotonicMs() + ASK_EVERY_MS)
    }
    asked.push(recorder.validate('far', revoked), recorder.validate('far', living))
    const someone = await recorder.login('a', 'someone')
    assert.ok(someone && (await recorder.validate('a', someone)).outcome === 'ok')
    const answers = await Promise.all(asked)
    const late = answers.filter(({ invokedAtMs }) => invokedAtMs > end.ackedAtMs + BOUND_MS)
    assert.deepEqual(new Set(late.map(({ reason }) => reason)), new Set(['503']))
    const longestMs = Math.max(...answers.map((one) => one.ackedAtMs - one.invokedAtMs))
    t.diagnostic(`${late.length} times 503, after ${Math.round(longestMs)} ms at most`)
    assert.ok(longestMs < LONGEST_ANSWER_MS)
    way.mend()
    history.mark('fault.ended', 'the far node is cut off')
    await untilBack(recorder, 'far', living)
    assert.equal((await recorder.validate('far', revoked)).outcome, 'refused')
    assert.equal((await recorder.validate('far', someone)).outcome, 'ok')
    const { recoveryMs } = await fleet.judge(history, t)
    assert.ok(recoveryMs !== null && recoveryMs <= 5_000, `recovered after ${recoveryMs} ms`)
  })

  test('[T37] while the database is silent what cannot be known is 503, and all is well soon after', async (t) => {
    const { history, recorder } = fleet.record()
    const [living, revoked] = await two(recorder)
    history.mark('fault.begun', 'the database is silent')
    fleet.proxy.become({ kind: 'hole' })
    assert.equal((await recorder.revoke(revoked, fleet.direct)).outcome, 'ok')
    const answers = await Promise.all(NAMES.map((node) => recorder.validate(node, revoked)))
    assert.deepEqual(
      answers.map(({ reason }) => reason),
      ['503', '503'],
    )
    fleet.proxy.become({ kind: 'pass' })
    fleet.proxy.cut('reset')
    history.mark('fault.ended', 'the database is silent')
    for (const node of NAMES) {
      await untilBack(recorder, node, living)
      assert.equal((await recorder.validate(node, revoked)).outcome, 'refused')
    }
    const { recoveryMs } = await fleet.judge(history, t)
    assert.ok(recoveryMs !== null && recoveryMs <= 5_000, `recovered after ${recoveryMs} ms`)
  })
})
