import { useEffect, useState } from 'preact/hooks'
import type { Store } from './store.ts'

/** The part of a store that a component shows; it is drawn again when that part changes. */
export function useStore<T, P>(store: Store<T>, select: (value: T) => P): P {
  const [, redraw] = useState(0)
  const selected = select(store.get())
  useEffect(() => {
    let shown = selected
    const look = () => {
      const now = select(store.get())
      if (Object.is(now, shown)) return
      shown = now
      redraw((count) => count + 1)
    }
    look()
    return store.subscribe(look)
  })
  return selected
}
