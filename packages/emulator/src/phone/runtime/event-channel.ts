type Listener = (...args: unknown[]) => void

/** One end of the wire between a page and the one it opened. */
export interface EventChannel {
  emit(name: string, ...args: unknown[]): void
  on(name: string, listener: Listener): void
  once(name: string, listener: Listener): void
  off(name: string, listener?: Listener): void
}

type Listening = Map<string, Set<Listener>>

function hear(listening: Listening, name: string, args: unknown[]): void {
  for (const listener of [...(listening.get(name) ?? [])]) listener(...args)
}

function endOf(own: Listening, others: Listening): EventChannel {
  const on = (name: string, listener: Listener) => {
    own.set(name, (own.get(name) ?? new Set()).add(listener))
  }
  const off = (name: string, listener?: Listener) => {
    if (listener) own.get(name)?.delete(listener)
    else own.delete(name)
  }
  const once = (name: string, listener: Listener) => {
    const wrapped = (...args: unknown[]) => {
      off(name, wrapped)
      listener(...args)
    }
    on(name, wrapped)
  }
  return { on, off, once, emit: (name, ...args) => hear(others, name, args) }
}

/** What one end emits, the other hears. */
export function createEventChannel(): [opener: EventChannel, opened: EventChannel] {
  const [opener, opened]: [Listening, Listening] = [new Map(), new Map()]
  return [endOf(opener, opened), endOf(opened, opener)]
}
