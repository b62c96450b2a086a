import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { base62 } from '../../packages/server/src/lib/ids.ts'
import { systemRandom } from '../../packages/server/src/lib/random.ts'
import type { SessionRecord, UserRecord } from '../../packages/server/src/lib/records.ts'
import { DEFAULT_POLICY, deadlinesOf } from '../../packages/server/src/lib/session/lifetime.ts'
import { newSelector } from '../../packages/server/src/lib/session/selector.ts'
import { formatToken, hashToken } from '../../packages/server/src/lib/session/token.ts'
import { openSqliteStore } from '../../packages/server/src/lib/store/sqlite/sqlite-store.ts'
import type { LoginPlan, Store } from '../../packages/server/src/lib/store/store.ts'
import { APPID } from '../peers/yaopai.ts'
import type { Bench } from './figure.ts'

const BATCH = 1_000
const TOKENS_KEPT = 10_000

export interface Seeded {
  readonly databaseFile: string
  /** One living token a line. */
  readonly tokensFile: string
}

/** A store with that many living sessions, each of its own user, through the port that logins use. */
export async function seedSessions(bench: Bench): Promise<Seeded> {
  const databaseFile = join(bench.folder, 'yaopai.db')
  const tokensFile = join(bench.folder, 'tokens')
  const store = await openSqliteStore({ file: databaseFile, role: 'server', onFatal: fail })
  const tokens: string[] = []
  const startMs = Date.now() - bench.sessions
  const keepEvery = Math.max(1, Math.floor(bench.sessions / TOKENS_KEPT))
  for (let first = 0; first < bench.sessions; first += BATCH) {
    const made = await Promise.all(Array.from({ length: BATCH }, (_, at) => add(store, first + at, startMs)))
    tokens.push(...made.filter((_, at) => (first + at) % keepEvery === 0))
    if (first % 100_000 === 0) bench.say(`Seeding: ${first} of ${bench.sessions} sessions`)
  }
  await store.close()
  await writeFile(tokensFile, `${tokens.join('\n')}\n`)
  return { databaseFile, tokensFile }
}

async function add(store: Store, number: number, startMs: number): Promise<string> {
  const nowMs = startMs + number
  const selector = newSelector(nowMs, systemRandom)
  const token = formatToken('yp1_', selector, systemRandom.bytes(32))
  const outcome = await store.recordLogin(planOf(number, nowMs, selector, token))
  if (outcome !== 'recorded') throw new Error(`Seeding met a ${outcome}`)
  return token
}

function planOf(number: number, nowMs: number, selector: number, token: string): LoginPlan {
  const user = userOf(number, nowMs)
  const openid = `oseed${String(number).padStart(23, '0')}`
  const owned = { platform: 'wechat', appid: APPID, openid, userId: user.id, createdAtMs: nowMs } as const
  const session: SessionRecord = {
    ...owned,
    selector,
    tokenHash: hashToken(token),
    device: { id: null, brand: null, model: null, platform: null, label: null },
    idleSeconds: DEFAULT_POLICY.idleSeconds,
    ...deadlinesOf(nowMs, DEFAULT_POLICY),
    endedAtMs: null,
    endReason: null,
  }
  return {
    code: null,
    user: { kind: 'create', record: user },
    identity: {
      kind: 'create',
      record: { ...owned, unionid: null, unionScope: 'default', keyRing: [], version: 1 },
    },
    seenSelectors: [],
    endSessions: [],
    session,
    events: [],
  }
}

function userOf(number: number, createdAtMs: number): UserRecord {
  const id = `usr_${base62(BigInt(number), 16)}` as const
  return { id, nickname: 'alice', avatarUrl: null, phone: null, createdAtMs, bannedAtMs: null }
}

function fail(error: unknown): never {
  throw error
}
