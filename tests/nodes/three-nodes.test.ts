import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { needs } from '../../tools/needs.ts'
import { startPostgres, type TestServer } from '../../tools/postgres-server.ts'
import { type FaultProxy, startFaultProxy } from '../faults/proxy.ts'
import { checkHistory } from '../histories/check.ts'
import { type History, monotonicMs, openHistory } from '../histories/history.ts'
import { BOUND_MS } from '../histories/rules.ts'
import type { ServeProcess } from '../serve/support/processes.ts'
import { createRig, type Rig } from '../serve/support/rig.ts'
import { type Badge, createRecorder, type Recorder, untilMs } from './fleet.ts'

const NAMES = ['a', 'b', 'c']
const ACTS = 8
/** Between two requests of one asker: the nodes shall be busy, not the machine. */
const PAUSE_MS = 20

describe('three nodes on one PostgreSQL', needs('postgresql'), () => {
  const cleanUps: (() => unknown)[] = []
  const nodes = new Map<string, ServeProcess>()
  let postgres: TestServer
  let proxy: FaultProxy
  let rig: Rig
  let book: string
  /** Past the proxy, for commands. */
  let direct: Record<string, string>
  let env: Record<string, string>

  before(async () => {
    postgres = await startPostgres()
    book = await postgres.createDatabase()
    rig = await createRig({
      after: (work) => cleanUps.push(() => Reflect.apply(Object(work), undefined, [])),
    })
    direct = { DATABASE_URL: postgres.url(book) }
    proxy = await startFaultProxy(postgres.port)
    env = { DATABASE_URL: postgres.url(book).replace(`:${postgres.port}/`, `:${proxy.port}/`) }
    for (const name of NAMES) nodes.set(name, await rig.serve(env))
  })
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp()
    await proxy.close()
    await postgres.remove()
  })

  function record(): { history: History; recorder: Recorder } {
    const history = openHistory()
    return { history, recorder: createRecorder(rig, nodes, history) }
  }

  async function judge(history: History, t: { diagnostic(text: string): void }) {
    const rows = await postgres.ask(
      book,
      'SELECT type, session_id FROM yaopai.events WHERE session_id IS NOT NULL',
    )
    for (const { type, session_id } of rows) history.audit(`${type} ${session_id}`)
    const { violations, ...figures } = checkHistory(history.lines)
    t.diagnostic(JSON.stringify(figures))
    assert.deepEqual(violations, [])
    return figures
  }

  test('[T37] under load on all nodes no session is accepted a second after its end, and no login is lost', async (t) => {
    const { history, recorder } = record()
    const living: Badge[] = []
    const ended: Badge[] = []
    let isOver = false
    const asking = NAMES.map(async (node, place) => {
      for (let turn = place; !isOver; turn += 1) {
        const all = [...living, ...ended.slice(-5)]
        const badge = all[turn % Math.max(1, all.length)]
        if (badge !== undefined) await recorder.validate(node, badge)
        await untilMs(monotonicMs() + PAUSE_MS)
      }
    })
    const acting = async () => {
      for (let turn = 0; turn < ACTS; turn += 1) {
        const node = NAMES[turn % 3] ?? 'a'
        for (const user of [`user-${turn % 4}`, `user-${turn % 4}`]) {
          const badge = await recorder.login(node, user)
          if (badge !== null) living.push(badge)
        }
        const one = living.length > 3 ? living.shift() : undefined
        if (one === undefined) continue
        const holder = living.find(({ user }) => user === one.user)
        if (turn % 2 === 0 || holder === undefined) await recorder.logout(node, one)
        else await recorder.endOther(node, holder, one)
        ended.push(one)
      }
      isOver = true
    }
    await Promise.all([...asking, acting()])
    const byCommand = living.pop()
    assert.ok(byCommand)
    for (const node of NAMES) await recorder.validate(node, byCommand)
    assert.equal((await recorder.revoke(byCommand, direct)).outcome, 'ok')
    for (const node of NAMES) assert.equal((await recorder.validate(node, byCommand)).outcome, 'refused')
    await untilMs(monotonicMs() + BOUND_MS)
    for (const badge of [...living, ...ended]) for (const node of NAMES) await recorder.validate(node, badge)
    const { lost, wronglyAccepted, unknown, isAuditJudged } = await judge(history, t)
    assert.deepEqual(
      { lost, wronglyAccepted, unknown, isAuditJudged },
      { lost: 0, wronglyAccepted: 0, unknown: 0, isAuditJudged: true },
    )
    assert.ok(ended.length >= 3, `${ended.length} sessions ended`)
  })

  test('the memory was asked, or none of this would say anything of it', async () => {
    const server = nodes.get('b')
    const page = await (await fetch(`${server?.internalUrl}/metrics`)).text()
    const hits = Number(/session_cache_lookups_total\{outcome="hit"\} (\d+)/.exec(page)?.[1])
    assert.ok(
      hits > 10,
      page
        .split('\n')
        .filter((line) => line.includes('session_cache'))
        .join('\n'),
    )
    assert.match(page, /changes_poll_age_seconds 0\.\d+/)
  })

  test('[R14] a node that was stopped accepts nothing on waking that ended meanwhile', async (t) => {
    const { history, recorder } = record()
    const badge = await recorder.login('a', 'sleeper')
    assert.ok(badge)
    for (let turn = 0; turn < 3; turn += 1) assert.equal((await recorder.validate('b', badge)).outcome, 'ok')
    nodes.get('b')?.signal('SIGSTOP')
    const { ackedAtMs } = await recorder.logout('a', badge)
    await untilMs(ackedAtMs + BOUND_MS + 100)
    const first = recorder.validate('b', badge)
    nodes.get('b')?.signal('SIGCONT')
    assert.equal((await first).outcome, 'refused')
    await judge(history, t)
  })

  test('[T37] while the database is silent what cannot be known is 503, and all is well soon after', async (t) => {
    const { history, recorder } = record()
    const [living, revoked] = [await recorder.login('a', 'one'), await recorder.login('a', 'two')]
    assert.ok(living && revoked)
    for (const badge of [living, revoked]) for (const node of NAMES) await recorder.validate(node, badge)
    history.mark('fault.begun', 'the database is silent')
    proxy.become({ kind: 'hole' })
    assert.equal((await recorder.revoke(revoked, direct)).outcome, 'ok')
    const answers = await Promise.all(NAMES.map((node) => recorder.validate(node, revoked)))
    assert.deepEqual(
      answers.map(({ reason }) => reason),
      ['503', '503', '503'],
    )
    t.diagnostic(
      `503 after ${answers.map((one) => Math.round(one.ackedAtMs - one.invokedAtMs)).join(', ')} ms`,
    )
    proxy.become({ kind: 'pass' })
    proxy.cut('reset')
    history.mark('fault.ended', 'the database is silent')
    const endedAtMs = monotonicMs()
    for (const node of NAMES) {
      let answer = await recorder.validate(node, living)
      while (answer.outcome === 'unknown' && monotonicMs() < endedAtMs + 20_000)
        answer = await recorder.validate(node, living)
      assert.equal(answer.outcome, 'ok')
      assert.equal((await recorder.validate(node, revoked)).outcome, 'refused')
    }
    const { recoveryMs } = await judge(history, t)
    assert.ok(recoveryMs !== null && recoveryMs <= 5_000, `recovered after ${recoveryMs} ms`)
  })
})
