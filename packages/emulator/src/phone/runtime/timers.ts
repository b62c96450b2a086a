import { callingPlace } from './problems.ts'

/** The window's own, for the phone itself: they run on when a mini program ends. */
export const phoneTimeout = window.setTimeout.bind(window)

type Begin = (run: (...args: unknown[]) => void, ...rest: unknown[]) => number
type End = (id: number) => void

interface Kind {
  begin: Begin
  end: End
  repeats: boolean
}

/**
 * Keeps count of the timers that a mini program's scripts start, so that they die with it. A script has no `window`,
 * but these it calls by their bare names; who calls shows in the stack.
 */
export function watchTimers(): { endAll(): void } {
  const running = new Map<string, () => void>()
  const counted = (name: string, { begin, end, repeats }: Kind) => {
    return (run: unknown, ...rest: unknown[]): number => {
      if (typeof run !== 'function') return 0
      if (!callingPlace()) return begin(run as Parameters<Begin>[0], ...rest)
      const id = begin(
        (...args) => {
          if (!repeats) running.delete(`${name} ${id}`)
          run(...args)
        },
        ...rest,
      )
      running.set(`${name} ${id}`, () => end(id))
      return id
    }
  }
  const bound = <F extends (...args: never[]) => unknown>(work: F) => work.bind(window) as unknown
  const timeout = { begin: bound(setTimeout) as Begin, end: clearTimeout.bind(window), repeats: false }
  const interval = { begin: bound(setInterval) as Begin, end: clearInterval.bind(window), repeats: true }
  Object.assign(window, {
    setTimeout: counted('timeout', timeout),
    setInterval: counted('interval', interval),
  })
  return {
    endAll() {
      for (const cancel of running.values()) cancel()
      running.clear()
    },
  }
}
