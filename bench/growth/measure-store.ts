// node … bench/growth/measure-store.ts FILE TOKENS_FILE SESSIONS ROUND THREAD_ENTRY: one round of growth's figures, as JSON.
import { readFileSync, statSync } from 'node:fs'
import process from 'node:process'
import { createAuthenticate } from '../../packages/server/src/lib/authenticate.ts'
import { systemClock } from '../../packages/server/src/lib/clock.ts'
import { systemRandom } from '../../packages/server/src/lib/random.ts'
import { Secret } from '../../packages/server/src/lib/secret.ts'
import { DEFAULT_POLICY } from '../../packages/server/src/lib/session/lifetime.ts'
import { openSqliteStore } from '../../packages/server/src/lib/store/sqlite/sqlite-store.ts'
import type { Store } from '../../packages/server/src/lib/store/store.ts'
import { silentTelemetry } from '../../packages/server/src/lib/telemetry.ts'
import { firstLoginPlan } from '../lib/login-plans.ts'
import { APPID } from '../peers/yaopai.ts'
import { measureSweep } from './measure-sweep.ts'
import type { GrowthPoint } from './point.ts'

const WARM_UP = 5_000
const LOGINS = 2_000
const LOGINS_UNDER_WAY = 32
const app = { appid: APPID, secret: new Secret('0'.repeat(32)), openPlatform: 'default', classicLogin: false }

const [file = '', tokensFile = '', sessions = '0', round = '1', threadEntry = ''] = process.argv.slice(2)
console.log(JSON.stringify(await measure()))

async function measure(): Promise<GrowthPoint> {
  const diskBytes = statSync(file).size
  const startedAt = performance.now()
  const store = await openSqliteStore({
    file,
    role: 'server',
    threadEntry: new URL(threadEntry),
    onFatal: (error) => {
      throw error
    },
  })
  const openMs = performance.now() - startedAt
  const reads = await measureReads(store)
  const residentMiB = process.memoryUsage().rss / 2 ** 20
  const logins = await measureLogins(store)
  const sweep = await measureSweep(store)
  await store.close()
  const diskBytesPerSession = diskBytes / Number(sessions)
  return {
    sessions: Number(sessions),
    openMs,
    ...reads,
    ...logins,
    ...sweep,
    residentMiB,
    diskBytesPerSession,
  }
}

async function measureReads(
  store: Store,
): Promise<Pick<GrowthPoint, 'authenticateMicroseconds' | 'listMicroseconds'>> {
  const tokens = shuffled(readFileSync(tokensFile, 'utf8').trim().split('\n'))
  const apps = [{ ...app, frozen: false, policy: DEFAULT_POLICY }]
  const authenticate = createAuthenticate({
    apps,
    store,
    clock: systemClock,
    random: systemRandom,
    telemetry: silentTelemetry,
  })
  const userIds: Parameters<Store['listSessions']>[0][] = []
  const one = async (token: string) => {
    const outcome = await authenticate(token)
    if (!outcome.ok) throw new Error(`A living token was refused: ${outcome.reason}`)
    userIds.push(outcome.user.id)
  }
  for (const token of tokens.slice(0, WARM_UP)) await one(token)
  const authenticateMicroseconds = await cpuEach(tokens.slice(WARM_UP), one)
  for (const id of userIds.slice(0, WARM_UP)) await store.listSessions(id, Date.now())
  const list = (id: (typeof userIds)[number]) => store.listSessions(id, Date.now())
  return { authenticateMicroseconds, listMicroseconds: await cpuEach(userIds.slice(WARM_UP), list) }
}

async function measureLogins(
  store: Store,
): Promise<Pick<GrowthPoint, 'loginMicroseconds' | 'loginsPerSecond'>> {
  let number = Number(round) * 1_000_000
  const one = async () => {
    number += 1
    const plan = firstLoginPlan(number)
    const { platform, appid, openid } = plan.session
    await store.findLoginFacts({ platform, appid, openid, unionid: null, unionScope: 'default' })
    const outcome = await store.recordLogin(plan)
    // Two of one millisecond can draw one selector; a server would draw again.
    if (outcome !== 'recorded' && outcome !== 'conflict') throw new Error(`A login was ${outcome}`)
  }
  const startedAt = performance.now()
  const batches = Array.from({ length: Math.ceil(LOGINS / LOGINS_UNDER_WAY) })
  const cpuOfBatch = await cpuEach(batches, () => Promise.all(Array.from({ length: LOGINS_UNDER_WAY }, one)))
  const logins = batches.length * LOGINS_UNDER_WAY
  return {
    loginMicroseconds: cpuOfBatch / LOGINS_UNDER_WAY,
    loginsPerSecond: logins / ((performance.now() - startedAt) / 1000),
  }
}

async function cpuEach<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<number> {
  const before = process.cpuUsage()
  for (const item of items) await work(item)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / items.length
}

/** In no order that the disk has; the same each time. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  const list = [...items]
  let state = 1
  for (let last = list.length - 1; last > 0; last -= 1) {
    state = (state * 48_271) % 2_147_483_647
    const at = state % (last + 1)
    const [one, other] = [list[last], list[at]]
    if (one !== undefined && other !== undefined) [list[last], list[at]] = [other, one]
  }
  return list
}
