/** What `wx.canIUse` answers from. */
export interface Known {
  wx: Readonly<Record<string, unknown>>
  /** Names of `wx` that only say that they are not there. */
  missing: ReadonlySet<string>
  isTag(name: string): boolean
  /** Node's `wx` knows in which version parts of an API came. */
  base(schema: string): boolean
}

/** `wx.canIUse`: this phone's own API and components. */
export function canIUseHere({ wx, missing, isTag, base }: Known): (schema: string) => boolean {
  return (schema) => {
    const [name = ''] = String(schema).split('.')
    if (isTag(name)) return true
    if (!(name in wx) || missing.has(name)) return false
    return base(schema) || !base(name)
  }
}
