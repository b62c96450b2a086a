/** Who listens for one kind of event. */
export interface Listeners<E> {
  on(listener: (event: E) => void): void
  /** Without a listener: nobody listens any more. */
  off(listener?: (event: E) => void): void
  tell(event: E): void
}

export function createListeners<E>(): Listeners<E> {
  const listening = new Set<(event: E) => void>()
  return {
    on: (listener) => void listening.add(listener),
    off(listener) {
      if (listener) listening.delete(listener)
      else listening.clear()
    },
    tell(event) {
      for (const listener of [...listening]) listener(event)
    },
  }
}
