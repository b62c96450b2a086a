// Nodes that are restarted one after another, with the next version and back, and nodes that do not go together.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newMasterKey } from 'yaopai'
import { needs } from '../../tools/needs.ts'
import { monotonicMs } from '../histories/history.ts'
import { startBalancer } from './balancer.ts'
import { POSTGRES } from './engines.ts'
import { type Fleet, startFleet } from './fleet.ts'
import { makeNextVersion, type NextVersion } from './next-version.ts'
import { type Recorder, untilMs } from './recorder.ts'

const PAUSE_MS = 20

/** What a version adds that the one before does not know, in a name that says that it only adds. */
const ADDED = {
  'postgres/migrations/900-next.expand.sql': `
    ALTER TABLE yaopai.sessions ADD COLUMN city text;
    ALTER TABLE yaopai.users ADD COLUMN points bigint NOT NULL DEFAULT 0;
    CREATE INDEX users_points ON yaopai.users (points);
    CREATE TABLE yaopai.badges (user_id text NOT NULL PRIMARY KEY, since_ms bigint NOT NULL)`,
}

describe('nodes of two versions on one PostgreSQL', needs('postgresql'), () => {
  let fleet: Fleet
  let next: NextVersion
  before(async () => {
    next = await makeNextVersion(ADDED)
    fleet = await startFleet(POSTGRES, ['a', 'b'])
  })
  after(async () => {
    await fleet?.close()
    await next?.remove()
  })

  async function replace(name: string, cli?: string): Promise<void> {
    const { exitCode } = await fleet.node(name).stop()
    assert.equal(exitCode, 0)
    await fleet.start(name, { spawning: cli === undefined ? {} : { cli } })
  }

  const isNew = async (name: string) =>
    (await fleet.metric(name, `build_info{version="${next.version}"`)) === 1

  /** Whoever logs in on one is known on the other at once, and ended from there. */
  async function provePair(recorder: Recorder): Promise<void> {
    for (const [one, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const [badge, second] = [await recorder.login(one, 'pair'), await recorder.login(other, 'pair')]
      assert.ok(badge && second)
      for (const node of [one, other]) await recorder.validate(node, badge)
      assert.equal((await recorder.endOther(other, second, badge)).outcome, 'ok')
      assert.equal((await recorder.validate(other, badge)).outcome, 'refused')
      for (const node of [one, other]) await recorder.validate(node, second)
    }
  }

  test('[R25][R24] the next version comes node by node and goes again, beside the old one, and no validation fails', async (t) => {
    const { history, recorder } = fleet.record()
    const badge = await recorder.login('a', 'roller')
    assert.ok(badge)
    const balancer = await startBalancer(fleet.nodes)
    const failures: number[] = []
    let asked = 0
    let isOver = false
    const asking = async () => {
      while (!isOver) {
        const { status } = await fetch(`${balancer.url}/session`, {
          headers: { authorization: `Bearer ${badge.token}` },
        })
        asked += 1
        if (status !== 200) failures.push(status)
        await untilMs(monotonicMs() + PAUSE_MS)
      }
    }
    const load = [asking(), asking()]
    const mixes: boolean[][] = []
    try {
      for (const [name, cli] of [['b', next.cli], ['a', next.cli], ['b'], ['a']] as const) {
        await replace(name, cli)
        mixes.push([await isNew('a'), await isNew('b')])
        await provePair(recorder)
        for (const node of ['a', 'b']) assert.equal((await recorder.validate(node, badge)).outcome, 'ok')
      }
    } finally {
      isOver = true
      await Promise.all(load)
      balancer.close()
    }
    assert.deepEqual(mixes, [
      [false, true],
      [true, true],
      [true, false],
      [false, false],
    ])
    const applied = await fleet.book.ask(
      `SELECT name FROM ${fleet.book.table('migrations')} WHERE name LIKE '9%'`,
    )
    assert.deepEqual(applied, [{ name: '900-next.expand.sql' }])
    t.diagnostic(`${asked} validations, ${failures.length} failed`)
    assert.deepEqual(failures, [])
    assert.ok(asked > 50)
    await fleet.judge(history, t)
    assert.deepEqual(fleet.unanswered(history), [])
  })

  test('[R31] a node with another key of the same name, or another schema, does not start: 78 and why', async () => {
    const { rig, direct, book } = fleet
    const key = newMasterKey('k1')
    const other = await rig.run(['serve'], { ...direct, YAOPAI_MASTER_KEY: key })
    assert.equal(other.exitCode, 78, other.stderr)
    assert.match(other.stderr, /master key k1 is not the one of that name/)
    assert.ok(!other.stderr.includes(key.slice(3)))
    const alien = await rig.run(['serve'], { ...direct, YAOPAI_MASTER_KEY: key.replace('k1', 'k2') })
    assert.equal(alien.exitCode, 78, alien.stderr)
    assert.match(alien.stderr, /key in common/)
    await book.ask(`INSERT INTO ${book.table('migrations')} VALUES ('999-of-a-later-version.sql', 'x', 1)`)
    const old = await rig.run(['serve'], direct)
    assert.equal(old.exitCode, 78, old.stderr)
    assert.match(old.stderr, /newer version/)
  })
})
