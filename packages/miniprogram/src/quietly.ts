/** What `run` gives, or undefined where it throws: for what a phone may lack, and nobody needs to hear of. */
export function quietly<Result>(run: () => Result): Result | undefined {
  try {
    return run()
  } catch (_) {
    return undefined
  }
}

/** What a member of `wx` says that answers at once; undefined where this base library has none such. */
export function tell(wx: object, api: string): unknown {
  return quietly(() => Object(wx)[api]())
}

export function nothing(): void {}
