import type { Thenable } from './own-promise.ts'
import type { Life } from './world.ts'

/** A call of the app's to the client, and all that came back. */
export interface CallRecord {
  readonly number: number
  readonly what: string
  readonly life: Life
  readonly beganAtMs: number
  /** May be sent twice. */
  readonly isIdempotent: boolean
  /** Must succeed where nothing is wrong. */
  readonly mustSucceed: boolean
  /** How many tokens had died for reasons that a silent login cures when it began. */
  readonly deathsBefore: number
  readonly hasPromise: boolean
  readonly hasCallbacks: boolean
  sends: number
  /** Which tokens of its were refused. */
  readonly refusedTokens: Set<string>
  settled: number
  succeeded: number
  failed: number
  completed: number
  outcome: 'ok' | 'failed' | null
  status: number
  error: unknown
}

export type CallStart = Pick<CallRecord, 'what'> &
  Partial<Pick<CallRecord, 'isIdempotent' | 'mustSucceed' | 'hasPromise' | 'hasCallbacks'>>

/** What the app gives for callbacks; each counts. */
export function callbacksOf(record: CallRecord, onEnd: () => void) {
  return {
    success: (result: unknown) => {
      record.succeeded += 1
      note(record, 'ok', result)
      onEnd()
    },
    fail: (error: unknown) => {
      record.failed += 1
      note(record, 'failed', error)
      onEnd()
    },
    complete: () => {
      record.completed += 1
    },
  }
}

export function listen(record: CallRecord, promise: Thenable, onEnd: () => void): void {
  promise.then(
    (result) => {
      record.settled += 1
      note(record, 'ok', result)
      onEnd()
    },
    (error) => {
      record.settled += 1
      note(record, 'failed', error)
      onEnd()
    },
  )
}

function note(record: CallRecord, outcome: 'ok' | 'failed', value: unknown): void {
  record.outcome = outcome
  if (outcome === 'failed') record.error = value
  else record.status = Number(Object(value).statusCode ?? 0)
}

/** What is wrong with how a call ended, or null. */
export function complaintOf(record: CallRecord): string | null {
  const { hasPromise, hasCallbacks, settled, succeeded, failed, completed } = record
  if (record.life.dead) return null
  if (hasPromise && settled !== 1) return `${record.what} never settled`
  if (!hasCallbacks) return succeeded > 1 ? `${record.what} called success ${succeeded} times` : null
  if (succeeded + failed !== 1)
    return `${record.what} called success ${succeeded} times and fail ${failed} times`
  return completed === 1 ? null : `${record.what} called complete ${completed} times`
}

/** Every failure is an error that says what to do about it. */
export function badErrorOf(record: CallRecord): string | null {
  if (record.outcome !== 'failed') return null
  const { name, code, class: errorClass, errMsg } = Object(record.error)
  const isTyped = name === 'YaopaiError' && typeof code === 'string' && typeof errMsg === 'string'
  const isKnown = /^(relogin|signed_out|denied|retry|input|config)$/.test(String(errorClass))
  return isTyped && isKnown ? null : `${record.what} failed with ${String(record.error)}`
}
