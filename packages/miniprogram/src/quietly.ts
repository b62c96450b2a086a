/** What `run` gives, or undefined where it throws: for what may fail on a phone without anybody having to know. */
export function quietly<Result>(run: () => Result): Result | undefined {
  try {
    return run()
  } catch (_) {
    return undefined
  }
}

export function nothing(): void {}
