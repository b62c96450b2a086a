import { ListenError } from '../lib/http/listen-error.ts'
import { ConfigError } from '../lib/load-config/config-error.ts'
import type { Finding } from '../lib/load-config/load-config.ts'
import { DatabaseError } from '../lib/store/database-error.ts'
import { RedisError } from '../lib/tier/redis-error.ts'
import { styled, type Terminal } from './terminal.ts'

/** The contract's exit codes. */
export const EXIT = { done: 0, failed: 1, usage: 2, damaged: 65, notDurable: 70, config: 78 } as const

/** Ends a command with this message and exit code. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: number

  constructor(exitCode: number, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Says what went wrong and which exit code that is. */
export function reportFailure(error: unknown, terminal: Terminal): number {
  if (error instanceof ConfigError) {
    reportProblems(error.problems, terminal)
    return EXIT.config
  }
  const message = error instanceof Error ? error.message : String(error)
  terminal.complain({ error: message }, `${styled('red', 'error')}: ${message}`)
  if (error instanceof ListenError) return EXIT.config
  const hasExitCode = [CommandError, DatabaseError, RedisError].some((kind) => error instanceof kind)
  return hasExitCode ? Object(error).exitCode : EXIT.failed
}

function reportProblems(problems: readonly Finding[], terminal: Terminal): void {
  const lines = problems.map(
    ({ setting, problem, cure }) =>
      `${styled('red', 'error')}: ${styled('bold', setting)} ${problem}\n       ${cure}`,
  )
  terminal.complain({ error: 'The configuration does not fit', problems }, lines.join('\n'))
}

export function reportWarnings(warnings: readonly Finding[], terminal: Terminal): void {
  for (const warning of warnings) {
    const { setting, problem, cure } = warning
    const text = `${styled('yellow', 'warning')}: ${styled('bold', setting)} ${problem}\n         ${cure}`
    terminal.complain({ warning }, text)
  }
}
