import process from 'node:process'
import type { Telemetry } from '../lib/telemetry.ts'
import { EXIT } from './exit.ts'

/** A terminal sends Ctrl-C to everybody, and npm hands its own on: within this time they are one. */
const SAME_SIGNAL_MS = 500
/** Closing waits ten seconds for requests; what takes longer than this hangs. */
const CLOSE_WITHIN_MS = 15_000

interface Running {
  readonly log: Telemetry['log']
  readonly drain: () => void
  readonly close: () => Promise<void>
}

/**
 * Waits for SIGTERM or SIGINT, or an error that nobody caught; then lets requests in flight end and closes.
 * A second signal ends the process at once.
 */
export function runUntilStopped({ log, drain, close }: Running): Promise<number> {
  return new Promise((resolve) => {
    let stoppedAtMs: number | null = null
    const stop = (exitCode: number, reason: string) => {
      const nowMs = performance.now()
      if (stoppedAtMs !== null && nowMs - stoppedAtMs < SAME_SIGNAL_MS) return
      if (stoppedAtMs !== null) process.exit(EXIT.failed)
      stoppedAtMs = nowMs
      log('info', 'server.stopping', { reason })
      drain()
      setTimeout(() => process.exit(EXIT.failed), CLOSE_WITHIN_MS).unref()
      close().then(
        () => resolve(exitCode),
        (error: unknown) => {
          log('error', 'server.close_failed', { message: messageOf(error) })
          resolve(EXIT.failed)
        },
      )
    }
    process.on('SIGTERM', () => stop(EXIT.done, 'SIGTERM'))
    process.on('SIGINT', () => stop(EXIT.done, 'SIGINT'))
    for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(name, (error: unknown) => {
        log('error', `process.${name}`, { message: messageOf(error), stack: stackOf(error) })
        if (stoppedAtMs === null) stop(EXIT.failed, name)
      })
    }
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function stackOf(error: unknown): string | null {
  return error instanceof Error ? (error.stack ?? null) : null
}
