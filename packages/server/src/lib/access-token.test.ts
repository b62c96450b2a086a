import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { SHOP, STRANGER, startRig } from '../testing/rig.ts'
import { type AccessTokens, createAccessTokens } from './access-token.ts'
import type { AppConfig } from './config.ts'
import { StoreUnavailableError } from './errors.ts'
import type { Services } from './services.ts'
import type { Store } from './store/store.ts'
import { createStoreLeases } from './store-lease.ts'
import { keepToken, readToken } from './token-note.ts'

const STABLE = '/cgi-bin/stable_token'

interface Hubs {
  readonly nodes: readonly AccessTokens[]
  readonly app: AppConfig
  readonly other: AppConfig
  readonly asked: () => number
  readonly advance: (seconds: number) => void
  readonly rig: Awaited<ReturnType<typeof startRig>>
}

/** Three nodes on one store, an emulator, and one clock. */
async function openHubs(
  t: TestContext,
  change: (services: Services, node: number) => Services = (same) => same,
): Promise<Hubs> {
  const rig = await startRig(t)
  const node = (_: unknown, n: number) => {
    const services = change({ ...rig.services }, n)
    return createAccessTokens(
      services,
      createStoreLeases(services),
      (ms) => new Promise((go) => setTimeout(go, ms)),
    )
  }
  const [app, other] = [SHOP, STRANGER].map((appid) => rig.services.apps.find((each) => each.appid === appid))
  assert.ok(app && other)
  const asked = () => rig.emulator.calls().filter(({ path }) => path === STABLE).length
  return { nodes: Array.from({ length: 3 }, node), app, other, asked, advance: rig.advance, rig }
}

async function tokenOf(
  node: AccessTokens | undefined,
  app: AppConfig,
  refresh: 'none' | 'ask' | 'force' = 'none',
) {
  const result = await node?.(app, refresh)
  assert.ok(result?.ok, JSON.stringify(result))
  return result
}

test('[F38] three nodes that are asked a hundred times at once ask WeChat once, and all hand out the same token', async (t) => {
  const { nodes, app, other, asked } = await openHubs(t)
  const answers = await Promise.all(Array.from({ length: 300 }, (_, n) => tokenOf(nodes[n % 3], app)))
  assert.equal(new Set(answers.map(({ accessToken }) => accessToken)).size, 1)
  assert.equal(asked(), 1)
  assert.ok(answers.every(({ expiresInSeconds }) => expiresInSeconds > 7_000))
  assert.notEqual((await tokenOf(nodes[1], other)).accessToken, answers[0]?.accessToken)
  assert.equal(asked(), 2)
})

test('[F38] a token is replaced before it ends, by one node, and the old one is good all the while', async (t) => {
  const { nodes, app, asked, advance, rig } = await openHubs(t)
  const first = await tokenOf(nodes[0], app)
  advance(first.expiresInSeconds - 301)
  assert.equal((await tokenOf(nodes[1], app)).accessToken, first.accessToken)
  assert.equal(asked(), 1)
  advance(2)
  const renewed = await Promise.all(nodes.flatMap((node) => [tokenOf(node, app), tokenOf(node, app)]))
  assert.equal(asked(), 2)
  assert.equal(new Set(renewed.map(({ accessToken }) => accessToken)).size, 1)
  assert.notEqual(renewed[0]?.accessToken, first.accessToken)
  const kept = await rig.store.findNote(`access-token ${SHOP}`)
  assert.doesNotMatch(kept ?? '', new RegExp(`${first.accessToken}|${renewed[0]?.accessToken}`))
})

test('WeChat is down: a token is served while it lives, and WeChat left alone meanwhile; then 503', async (t) => {
  const { nodes, app, asked, advance, rig } = await openHubs(t)
  const first = await tokenOf(nodes[0], app)
  rig.emulator.addFault({ path: STABLE, errcode: -1, times: 1_000 })
  advance(first.expiresInSeconds - 200)
  for (let n = 0; n < 20; n += 1) assert.equal((await tokenOf(nodes[0], app)).accessToken, first.accessToken)
  assert.equal(asked(), 2)
  advance(201)
  const refused = await nodes[0]?.(app, 'none')
  assert.deepEqual(refused, { ok: false, code: 'wechat_unavailable', retryAfterSeconds: 2 })
})

test('a token that was refused elsewhere is asked about, a leaked one replaced, each once in half a minute', async (t) => {
  const { nodes, app, asked, advance } = await openHubs(t)
  const first = await tokenOf(nodes[0], app)
  assert.equal((await tokenOf(nodes[1], app, 'force')).accessToken, first.accessToken, 'it is seconds old')
  assert.equal(asked(), 1)
  advance(31)
  assert.equal((await tokenOf(nodes[1], app, 'ask')).accessToken, first.accessToken)
  assert.equal(asked(), 2)
  advance(31)
  const forced = await Promise.all([0, 1, 2, 0, 1, 2].map((n) => tokenOf(nodes[n], app, 'force')))
  assert.equal(new Set(forced.map(({ accessToken }) => accessToken)).size, 1)
  assert.notEqual(forced[0]?.accessToken, first.accessToken)
  assert.equal(asked(), 3)
})

test('a wrong AppSecret is told as such', async (t) => {
  const { nodes, app, rig } = await openHubs(t)
  rig.emulator.putApp(SHOP, { secret: 'f'.repeat(32), openPlatform: 'group' })
  const refused = await nodes[0]?.(app, 'none')
  assert.deepEqual(refused, { ok: false, code: 'wechat_misconfigured', retryAfterSeconds: null })
  assert.match(JSON.stringify(rig.logLines), /AppSecret is wrong/)
  assert.ok(!JSON.stringify(rig.logLines).includes(app.secret.reveal()))
})

test('without the store a token is handed out while this node knows a good one', async (t) => {
  let isGone = false
  const { nodes, app, other } = await openHubs(t, (services) => ({
    ...services,
    store: {
      ...services.store,
      findNote: (name) =>
        isGone ? Promise.reject(new StoreUnavailableError(new Error('gone'))) : services.store.findNote(name),
    },
  }))
  const first = await tokenOf(nodes[0], app)
  isGone = true
  assert.equal((await tokenOf(nodes[0], app)).accessToken, first.accessToken)
  await assert.rejects(async () => nodes[0]?.(other, 'none'), { code: 'store_unavailable' })
})

test('[F38] a token that one node has replaced by force is handed out by no other from then on', async (t) => {
  const { nodes, app, asked, advance } = await openHubs(t)
  const first = await tokenOf(nodes[0], app)
  for (const node of nodes) assert.equal((await tokenOf(node, app)).accessToken, first.accessToken)
  advance(31)
  const forced = await tokenOf(nodes[1], app, 'force')
  assert.notEqual(forced.accessToken, first.accessToken)
  for (const refresh of ['none', 'ask'] as const) {
    for (const node of nodes)
      assert.equal((await tokenOf(node, app, refresh)).accessToken, forced.accessToken)
  }
  assert.equal(asked(), 2)
})

/** A store in which something happens just before the next swap of a token's note. */
function overtaken(store: Store): { readonly store: Store; next(work: () => Promise<unknown>): void } {
  let before: (() => Promise<unknown>) | null = null
  const swapNote: Store['swapNote'] = async (swap) => {
    const work = swap.name.startsWith('access-token') ? before : null
    if (work !== null) before = null
    await work?.()
    return store.swapNote(swap)
  }
  return {
    store: { ...store, swapNote },
    next: (work) => {
      before = work
    },
  }
}

test('[F38] a node whose answer from WeChat is older than the force of another hands out what that one got', async (t) => {
  let next: (work: () => Promise<unknown>) => void = () => undefined
  const { nodes, app, advance } = await openHubs(t, (services, n) => {
    if (n !== 0) return services
    const late = overtaken(services.store)
    next = late.next
    return { ...services, store: late.store }
  })
  const first = await tokenOf(nodes[0], app)
  advance(31)
  let forced = first
  next(async () => {
    advance(6)
    forced = await tokenOf(nodes[1], app, 'force')
  })
  const late = await tokenOf(nodes[0], app, 'ask')
  assert.notEqual(forced.accessToken, first.accessToken)
  assert.equal(late.accessToken, forced.accessToken)
  assert.equal((await tokenOf(nodes[2], app)).accessToken, forced.accessToken)
})

test('[F38] what was got by force stands, also where another node has written the old one meanwhile', async (t) => {
  let next: (work: () => Promise<unknown>) => void = () => undefined
  const { nodes, app, advance, rig } = await openHubs(t, (services, n) => {
    if (n !== 0) return services
    const late = overtaken(services.store)
    next = late.next
    return { ...services, store: late.store }
  })
  const first = await tokenOf(nodes[0], app)
  advance(31)
  next(async () => {
    const kept = await readToken(rig.services, SHOP)
    assert.ok(kept.token)
    await keepToken(rig.services, SHOP, { note: kept.note, token: kept.token, isForced: false })
  })
  const forced = await tokenOf(nodes[0], app, 'force')
  assert.notEqual(forced.accessToken, first.accessToken)
  for (const node of nodes) assert.equal((await tokenOf(node, app)).accessToken, forced.accessToken)
})

test('callers that come together share one look at the store, those that come later another', async (t) => {
  let looks = 0
  const { nodes, app } = await openHubs(t, (services) => ({
    ...services,
    store: {
      ...services.store,
      findNote: (name) => {
        if (name.startsWith('access-token')) looks += 1
        return services.store.findNote(name)
      },
    },
  }))
  await tokenOf(nodes[0], app)
  for (let turn = 1; turn <= 3; turn += 1) {
    looks = 0
    await Promise.all(Array.from({ length: 10 }, () => tokenOf(nodes[0], app)))
    assert.equal(looks, 1)
  }
})
