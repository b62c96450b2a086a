type Run = (...given: unknown[]) => unknown

/** What a method says; null where it is lacking or throws: for what a phone may lack, and nobody needs to hear of. */
export function tell<Method extends string>(of: unknown, method: Method, ...given: unknown[]): unknown {
  try {
    return (of as Record<Method, Run>)[method](...given)
  } catch (_) {
    return null
  }
}

export function resolved<Value>(value?: Value | PromiseLike<Value>): Promise<Value> {
  return Promise.resolve(value as Value)
}

export function nothing(): undefined {}

/** A new object with the members of both; the second's win. */
export function merged<One, Other>(one: One, other: Other): One & Other {
  return Object.assign({}, one, other)
}

/** Milliseconds by the phone's clock. Called by so many that the language's own name would cost fifty bytes. */
export function now(): number {
  return Date.now()
}

/** By the phone's clock, which may have been set back meanwhile: then it is not within. */
export function isWithin(sinceMs: number | undefined, lengthMs: number): boolean {
  return Math.abs(now() - (sinceMs || 0)) < lengthMs
}
