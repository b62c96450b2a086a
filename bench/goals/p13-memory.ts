import process from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { StoredSession } from '../../packages/server/src/lib/records.ts'
import { DEFAULT_POLICY, deadlinesOf } from '../../packages/server/src/lib/session/lifetime.ts'
import { createSessionTable } from '../../packages/server/src/lib/store/cached/session-table.ts'
import { atMost, type Bench, type Figure, median } from '../lib/figure.ts'

const GOAL_BYTES = 200
const GOAL_MS = 20
const COLLECTIONS = 9

/** P13: what a remembered session weighs, and how long a full collection takes beside so many of them. */
export async function measureMemory(bench: Bench): Promise<Figure[]> {
  const collect = fullCollection()
  collect()
  const before = process.memoryUsage()
  const withoutMs = median(pausesOf(collect))
  const table = createSessionTable(bench.sessions)
  for (let number = 0; number < bench.sessions; number += 1) table.put(sessionNumber(number))
  // Asked for twice, so that those which are kept as objects are among them.
  for (let number = 0; number < bench.sessions; number += 1) table.get(selectorOf(number % 20_000))
  collect()
  const after = process.memoryUsage()
  const bytes = (after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers) / table.size
  const pauses = pausesOf(collect)
  const ms = median(pauses)
  bench.say(
    `${table.size} sessions, ${bytes.toFixed(0)} bytes each, a full collection takes ${ms.toFixed(1)} ms`,
  )
  return [
    atMost('P13', 'memory of a remembered session', bytes, GOAL_BYTES, 'bytes'),
    atMost('P13', 'full collection beside them', ms, GOAL_MS, 'ms', {
      rounds: pauses,
      limit: `the same without them: ${withoutMs.toFixed(1)} ms`,
    }),
  ]
}

function pausesOf(collect: () => void): number[] {
  return Array.from({ length: COLLECTIONS }, () => {
    const startedAtMs = performance.now()
    collect()
    return performance.now() - startedAtMs
  })
}

/** Without a flag on the command line. */
function fullCollection(): () => void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('This Node has no gc()')
  return () => void collect()
}

const START_MS = Date.UTC(2026, 0, 1)

function selectorOf(number: number): number {
  return (START_MS + number) * 4096 + (number % 4096)
}

function sessionNumber(number: number): StoredSession {
  const createdAtMs = START_MS + number
  const id = `usr_${String(number).padStart(16, '0')}` as const
  const hash = Buffer.alloc(32)
  hash.writeUInt32LE(number)
  return {
    selector: selectorOf(number),
    tokenHash: hash,
    userId: id,
    platform: 'wechat',
    appid: 'wx0000000000000000',
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
