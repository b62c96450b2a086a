import { createRequire } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'
import { createAuthenticateNow } from '../../packages/server/src/lib/authenticate.ts'
import { systemClock } from '../../packages/server/src/lib/clock.ts'
import { systemRandom } from '../../packages/server/src/lib/random.ts'
import type { StoredSession } from '../../packages/server/src/lib/records.ts'
import { Secret } from '../../packages/server/src/lib/secret.ts'
import { DEFAULT_POLICY, deadlinesOf } from '../../packages/server/src/lib/session/lifetime.ts'
import { newSelector } from '../../packages/server/src/lib/session/selector.ts'
import { formatToken, hashToken } from '../../packages/server/src/lib/session/token.ts'
import { createSessionTable } from '../../packages/server/src/lib/store/cached/session-table.ts'
import { createMemoryStore } from '../../packages/server/src/lib/store/memory/memory-store.ts'
import type { RecalledSession } from '../../packages/server/src/lib/store/recalled-session.ts'
import { silentTelemetry } from '../../packages/server/src/lib/telemetry.ts'
import { atLeast, atMost, type Bench, type Figure, median } from '../lib/figure.ts'
import { sha256Microseconds } from '../lib/limits.ts'

const GOAL_MICROSECONDS = 1.2
const GOAL_TIMES = 5
const LOOKS_A_ROUND = 200_000
const ROUNDS = 9
const APPID = 'wx0000000000000000'

/** P6: who calls, asked in this process with so many sessions remembered, beside a JWT that is only verified. */
export async function measureLibrary(bench: Bench): Promise<Figure[]> {
  const { tokens, authenticate } = seeded(bench.sessions)
  const { jwts, verify } = jwtPeer()
  const scattered = (n: number) => tokens[(n * 611_953) % tokens.length] ?? ''
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(microsecondsEach((n) => authenticate(scattered(round * LOOKS_A_ROUND + n)) !== null))
    theirs.push(microsecondsEach((n) => verify(jwts[(n * 611_953) % jwts.length] ?? '') !== null))
  }
  const [own, peer] = [median(ours), median(theirs)]
  bench.say(`  authenticate ${own.toFixed(2)} µs, fast-jwt HS256 ${peer.toFixed(2)} µs`)
  const limit = `one SHA-256, ${sha256Microseconds().toFixed(2)} µs, and two or three cache misses`
  return [
    atMost('P6', `authenticate in process, ${bench.sessions} sessions, CPU`, own, GOAL_MICROSECONDS, 'µs', {
      rounds: ours,
      limit,
    }),
    atLeast('P6', 'against fast-jwt HS256, CPU', peer / own, GOAL_TIMES, '×'),
  ]
}

function microsecondsEach(look: (n: number) => boolean): number {
  // Who else uses the machine makes time pass, and CPU much less.
  const before = process.cpuUsage()
  for (let n = 0; n < LOOKS_A_ROUND; n += 1) if (!look(n)) throw new Error('A living session was refused')
  const { user, system } = process.cpuUsage(before)
  return (user + system) / LOOKS_A_ROUND
}

function seeded(count: number): {
  readonly tokens: readonly string[]
  readonly authenticate: (token: string) => RecalledSession | null
} {
  const table = createSessionTable(count)
  const nowMs = Date.now()
  const tokens = Array.from({ length: count }, (_, number) => {
    const selector = newSelector(nowMs - count + number, systemRandom)
    const token = formatToken('yp1_', selector, systemRandom.bytes(32))
    table.put(sessionOf(number, selector, token, nowMs))
    return token
  })
  const store = { ...createMemoryStore(), recallSession: (selector: number) => table.recall(selector) }
  const authenticate = createAuthenticateNow({
    store,
    apps: [appOf()],
    clock: systemClock,
    random: systemRandom,
    telemetry: silentTelemetry,
  })
  // Two of a few million selectors may be the same: the one that gave way is left out.
  return { tokens: tokens.filter((token) => authenticate(token) !== null), authenticate }
}

function appOf() {
  const never = { classicLogin: false, frozen: false, openPlatform: 'default' }
  return { ...never, appid: APPID, secret: new Secret('0'.repeat(32)), policy: DEFAULT_POLICY }
}

function sessionOf(number: number, selector: number, token: string, createdAtMs: number): StoredSession {
  const id = `usr_${String(number).padStart(16, '0')}` as const
  return {
    selector,
    tokenHash: hashToken(token),
    userId: id,
    platform: 'wechat',
    appid: APPID,
    openid: `o${String(number).padStart(27, '0')}`,
    device: { id: null, brand: null, model: null, platform: null, label: null },
    createdAtMs,
    idleSeconds: DEFAULT_POLICY.idleSeconds,
    ...deadlinesOf(createdAtMs, DEFAULT_POLICY),
    endedAtMs: null,
    endReason: null,
    user: { id, nickname: 'alice', avatarUrl: null, phone: null, createdAtMs, bannedAtMs: null },
    pending: null,
    renewals: 0,
  }
}

/** As its own page sets it up: one verifier for all, no cache of tokens. Each look is at another token, as ours is. */
function jwtPeer(): { readonly jwts: readonly string[]; readonly verify: (token: string) => unknown } {
  const load = createRequire(join(import.meta.dirname, '../peers/package.json'))
  const fastJwt = load('fast-jwt') as {
    createSigner(options: { key: string }): (payload: object) => string
    createVerifier(options: { key: string; cache: boolean }): (token: string) => unknown
  }
  const key = 'a key of at least thirty-two bytes, as HS256 wants it'
  const sign = fastJwt.createSigner({ key })
  const jwts = Array.from({ length: LOOKS_A_ROUND }, (_, number) => {
    const digits = String(number).padStart(16, '0')
    return sign({ sub: `usr_${digits}`, client_id: APPID, sid: `ses_${digits.slice(2)}` })
  })
  return { jwts, verify: fastJwt.createVerifier({ key, cache: false }) }
}
