import { YaopaiError } from '../errors.ts'
import type { Origin } from '../services.ts'
import type { Telemetry } from '../telemetry.ts'
import { type Refusal, refuse } from './answer.ts'

/**
 * What a throw becomes for the client. One that nobody foresaw is a bug: it is logged by its name and place, not by
 * its message, which may hold what the request brought.
 */
export function answerOfError(error: unknown, telemetry: Telemetry, { requestId }: Origin): Refusal {
  if (error instanceof YaopaiError) {
    if (error.code === 'store_unavailable') {
      telemetry.log('error', 'store_unavailable', { requestId, cause: nameOf(error.cause) })
    }
    const { detail, field, retryAfterSeconds } = error
    return refuse(error.code, { detail, field, retryAfterSeconds })
  }
  telemetry.log('error', 'internal', { requestId, error: nameOf(error), at: placeOf(error) })
  return refuse('internal')
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  return 'code' in error && typeof error.code === 'string' ? `${error.name} ${error.code}` : error.name
}

const FRAMES = 8

function placeOf(error: unknown): string {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : []
  const frames = lines.map((line) => line.trim()).filter((line) => /^at .+:\d+:\d+\)?$/.test(line))
  return frames.slice(0, FRAMES).join(' | ')
}
