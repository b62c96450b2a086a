/** What `run` gives, or null where it throws: for what a phone may lack, and nobody needs to hear of. */
export function quietly<Result>(run: () => Result): Result | null {
  try {
    return run()
  } catch (_) {
    return null
  }
}

/** What a member of `wx` says that answers at once; null where this base library has none such. */
export function tell(wx: object, api: string): unknown {
  return quietly(() => Object(wx)[api]())
}

export function nothing(): void {}
