import type { EventType } from './events.ts'
import { newEvent, type Origin, type Services } from './services.ts'

/** Within this time one refusal of a kind is kept, the others are counted: garbage must not fill the disk. */
const SAMPLE_EVERY_MS = 10_000
const MAX_KINDS = 10_000

export interface Refusal {
  readonly type: Extract<EventType, 'login.refused' | 'login.code_replayed' | 'open_data.refused'>
  readonly appid: string
  readonly code: string
  readonly errcode: number | null
  readonly rid: string | null
}

export type RefusalLog = (origin: Origin, refusal: Refusal) => void

interface Sample {
  keptAtMs: number
  suppressed: number
}

type Keeping = Pick<Services, 'clock' | 'random' | 'telemetry'> & {
  readonly store: Pick<Services['store'], 'appendEvents'>
}

/**
 * Keeps refusals in the history, sampled. Not awaited: a refusal is answered whether or not its line could be
 * written, and what could not is counted.
 */
export function createRefusalLog(services: Keeping): RefusalLog {
  const samples = new Map<string, Sample>()
  return (origin, refusal) => {
    const kind = `${refusal.type} ${refusal.appid} ${refusal.code}`
    const suppressed = sample(samples, kind, services.clock.nowMs())
    if (suppressed !== null) void keep(services, origin, refusal, suppressed)
  }
}

/** Never rejects: nobody waits for it. */
async function keep(services: Keeping, origin: Origin, refusal: Refusal, suppressed: number): Promise<void> {
  const { type, appid, code, errcode, rid } = refusal
  const facts = {
    code,
    suppressed,
    ...(errcode === null ? {} : { errcode }),
    ...(rid === null ? {} : { rid }),
  }
  services.telemetry.log('info', type, { appid, requestId: origin.requestId, ...facts })
  try {
    await services.store.appendEvents([newEvent(services, origin, type, { appid, facts })])
  } catch {
    services.telemetry.count('events_dropped', { type })
  }
}

/** How many were suppressed since the last one of this kind, or null: suppress this one too. */
function sample(samples: Map<string, Sample>, kind: string, nowMs: number): number | null {
  const last = samples.get(kind)
  if (last !== undefined && Math.abs(nowMs - last.keptAtMs) < SAMPLE_EVERY_MS) {
    last.suppressed += 1
    return null
  }
  if (samples.size >= MAX_KINDS) samples.clear()
  samples.set(kind, { keptAtMs: nowMs, suppressed: 0 })
  return last?.suppressed ?? 0
}
