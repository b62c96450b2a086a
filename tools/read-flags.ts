import process from 'node:process'
import { type ParseArgsConfig, parseArgs } from 'node:util'

type Flags<T extends ParseArgsConfig> = ReturnType<typeof parseArgs<T>>

/**
 * The flags of a command that people type. `--help` prints `usage` and ends with 0; a flag that does not exist prints
 * what is wrong with it and `usage`, and ends with 2, in place of a stack trace.
 */
export function readFlags<T extends ParseArgsConfig>(usage: string, config: T): Flags<T> {
  if (process.argv.slice(2).some((word) => word === '--help' || word === '-h')) {
    console.log(usage)
    process.exit(0)
  }
  try {
    return parseArgs(config)
  } catch (error) {
    return endWithUsage(usage, error instanceof Error ? error.message : String(error))
  }
}

/** Says what is wrong and how it is meant; ends the process with 2. */
export function endWithUsage(usage: string, wrong: string): never {
  console.error(`${wrong}\n\n${usage}`)
  process.exit(2)
}
