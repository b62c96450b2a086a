import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { renewed, tryRenew, use } from '../testing/renewals.ts'
import { type Rig, startRig } from '../testing/rig.ts'
import { createAuthenticate } from './authenticate.ts'
import { openTestStore } from './store/sqlite/testing/open-test-store.ts'

const MANY = 1_000

/** Two servers on one store, over memory and over a real file. */
const STORES: Record<string, (t: TestContext) => Promise<Rig>> = {
  memory: (t) => startRig(t),
  SQLite: async (t) => startRig(t, { store: await openTestStore(t) }),
}

type Server = Pick<Rig, 'authenticate' | 'services'>

function serversOf(rig: Rig): [Server, Server] {
  const services = { ...rig.services }
  return [rig, { services, authenticate: createAuthenticate(services) }]
}

async function atOnce<Result>(ask: (n: number) => Promise<Result>): Promise<Set<Result>> {
  return new Set(await Promise.all(Array.from({ length: MANY }, (_, n) => ask(n))))
}

for (const [name, start] of Object.entries(STORES)) {
  test(`[F21][T13] ${name}: ${MANY} renewals at once on two servers make one successor, and ${MANY} first uses one change`, async (t) => {
    const rig = await start(t)
    const servers = serversOf(rig)
    const server = (n: number) => servers[n % 2] ?? rig
    const { token, session, user } = await rig.logIn('alice')
    const successors = await atOnce((n) => renewed(server(n), token))
    assert.equal(successors.size, 1)
    const [next = ''] = successors
    assert.deepEqual(await atOnce((n) => use(server(n), next)), new Set(['ok']))
    const found = await rig.store.findSession(session.selector)
    assert.deepEqual([found?.renewals, found?.pending], [1, null])
    const events = await rig.store.listEvents({ userId: user.id, limit: 1_000 })
    assert.equal(events.filter(({ type }) => type === 'session.renewed').length, 1)
    assert.equal((await rig.store.listChanges({ afterSeq: 0, limit: MANY })).length, 2)
  })

  test(`[F21][T13] ${name}: renewals of both tokens race with first uses, and the line stays one`, async (t) => {
    const rig = await start(t)
    const servers = serversOf(rig)
    const server = (n: number) => servers[n % 2] ?? rig
    const { token, session } = await rig.logIn('alice')
    const next = await renewed(rig, token)
    const asked = [
      (n: number) => tryRenew(server(n), token),
      (n: number) => tryRenew(server(n), next),
      async (n: number) => ({ token: `used: ${await use(server(n), next)}` }),
      async (n: number) => ({ token: `used: ${await use(server(n), token)}` }),
    ]
    const answers = await atOnce(async (n) => JSON.stringify(await asked[n % asked.length]?.(n)))
    const third = await renewed(rig, next)
    const expected = [next, third, 'used: ok'].map((one) => JSON.stringify({ token: one }))
    assert.deepEqual(answers, new Set(expected))
    assert.equal((await rig.store.findSession(session.selector))?.renewals, 2)
  })
}
