/** A value that changes and tells of it. */
export interface Store<T> {
  get(): T
  set(change: Partial<T> | ((now: T) => Partial<T>)): void
  /** Returns what stops it. */
  subscribe(listener: () => void): () => void
}

export function createStore<T extends object>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(change) {
      const patch = typeof change === 'function' ? change(value) : change
      value = { ...value, ...patch }
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
