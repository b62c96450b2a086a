import type { Finding } from './findings.ts'

/** The configuration does not fit; `problems` has each setting, what is wrong with it, and the cure. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly Finding[]

  constructor(problems: readonly Finding[]) {
    super(problems.map(({ setting, problem, cure }) => `${setting} ${problem}: ${cure}`).join('; '))
    this.problems = problems
  }
}
