import { hash, timingSafeEqual } from 'node:crypto'
import { inspect } from 'node:util'

const REDACTED = '[redacted]'

/**
 * A value that must not be seen: session_key, AppSecret, master keys. However it is printed, serialised or
 * inspected it reads `[redacted]`; only `reveal` gives it, so every use of the bare value can be found by name.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The bare value. Callers hand it to a cipher or to WeChat and keep no copy. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return REDACTED
  }

  toJSON(): string {
    return REDACTED
  }

  [inspect.custom](): string {
    return REDACTED
  }
}

/** Whether two texts are the same, in a time that tells nothing of where they differ or how long they are. */
export function isSameSecret(one: string, other: string): boolean {
  const digest = (text: string) => hash('sha256', text, 'buffer')
  return timingSafeEqual(digest(one), digest(other))
}
