import { YaopaiError } from '../errors.ts'
import type { Origin } from '../services.ts'
import type { Telemetry } from '../telemetry.ts'
import { type Refusal, refuse } from './answer.ts'
import type { Sampler } from './sampler.ts'

interface Told {
  readonly telemetry: Telemetry
  /** While the store is away, every request meets it: not each of them writes its line. */
  readonly sampleOutage: Sampler
}

/**
 * What a throw becomes for the client. One that nobody foresaw is a bug: it is logged by its name and place, not by
 * its message, which may hold what the request brought.
 */
export function answerOfError(
  error: unknown,
  { telemetry, sampleOutage }: Told,
  { requestId }: Origin,
): Refusal {
  if (error instanceof YaopaiError) {
    const suppressed = error.code === 'store_unavailable' ? sampleOutage() : null
    if (suppressed !== null) {
      telemetry.log('error', 'store_unavailable', { requestId, cause: nameOf(error.cause), suppressed })
    }
    const { detail, field, retryAfterSeconds } = error
    return refuse(error.code, { detail, field, retryAfterSeconds })
  }
  telemetry.log('error', 'internal', { requestId, error: nameOf(error), at: placeOf(error) })
  return refuse('internal')
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const code = 'code' in error ? error.code : null
  // PostgreSQL's codes are letters, those of MySQL numbers.
  return typeof code === 'string' || typeof code === 'number' ? `${error.name} ${code}` : error.name
}

const FRAMES = 8

function placeOf(error: unknown): string {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : []
  const frames = lines.map((line) => line.trim()).filter((line) => /^at .+:\d+:\d+\)?$/.test(line))
  return frames.slice(0, FRAMES).join(' | ')
}
