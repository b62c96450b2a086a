import { reportFailure } from './exit.ts'
import { createTerminal, type Terminal } from './terminal.ts'

export type Action = (terminal: Terminal) => Promise<number>

/** Runs what a command does; resolves with the exit code. */
export async function runAction(action: Action, isJson: boolean): Promise<number> {
  const terminal = createTerminal(isJson)
  try {
    return await action(terminal)
  } catch (error) {
    return reportFailure(error, terminal)
  }
}
