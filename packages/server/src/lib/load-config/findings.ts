/** Something about a setting that the operator has to hear. Never holds a secret's value. */
export interface Finding {
  /** Where it is set: a variable, `apps[0].secret` in the file, or the file itself. */
  readonly setting: string
  readonly problem: string
  readonly cure: string
}

/** Collects all of them, so that one start names everything that is wrong. */
export interface Findings {
  readonly problems: Finding[]
  readonly warnings: Finding[]
}

export function noFindings(): Findings {
  return { problems: [], warnings: [] }
}

export function complain(findings: Findings, setting: string, problem: string, cure: string): void {
  findings.problems.push({ setting, problem, cure })
}

export function warn(findings: Findings, setting: string, problem: string, cure: string): void {
  findings.warnings.push({ setting, problem, cure })
}
