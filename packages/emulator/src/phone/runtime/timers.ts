/** The window's own, for the phone itself: they run on when a mini program ends. */
export const phoneTimeout = window.setTimeout.bind(window)

type Cancel = () => void

/**
 * Keeps count of the timers that run, so that the mini program's die with it. A script has no `window`, but these it
 * calls by their bare names.
 */
export function watchTimers(): { endAll(): void } {
  const running = new Map<string, Cancel>()
  const { setTimeout, setInterval, requestAnimationFrame } = window
  const once =
    (
      kind: string,
      begin: (run: (...args: unknown[]) => void, ...rest: unknown[]) => number,
      end: (id: number) => void,
    ) =>
    (run: unknown, ...rest: unknown[]) => {
      if (typeof run !== 'function') return 0
      const id = begin(
        (...args) => {
          if (kind !== 'interval') running.delete(`${kind} ${id}`)
          run(...args)
        },
        ...rest,
      )
      running.set(`${kind} ${id}`, () => end(id))
      return id
    }
  const timeout = once('timeout', setTimeout.bind(window) as never, clearTimeout.bind(window))
  const interval = once('interval', setInterval.bind(window) as never, clearInterval.bind(window))
  const frame = once('frame', requestAnimationFrame.bind(window) as never, cancelAnimationFrame.bind(window))
  Object.assign(window, { setTimeout: timeout, setInterval: interval, requestAnimationFrame: frame })
  return {
    endAll() {
      for (const cancel of running.values()) cancel()
      running.clear()
    },
  }
}
