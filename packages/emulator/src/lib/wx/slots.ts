/** A place in the line; leaving it lets the next one in. */
export interface Ticket {
  leave(): void
}

export interface Slots {
  /** Runs `start` now if a slot is free, else when one becomes so. Leaving before that means it never runs. */
  enter(start: () => void): Ticket
  running(): number
  waiting(): number
}

/** So many at the same time, the others in order. */
export function createSlots(size: number): Slots {
  const waiting = new Map<Ticket, () => void>()
  const running = new Set<Ticket>()
  const admit = () => {
    for (const [ticket, start] of waiting) {
      if (running.size >= size) return
      waiting.delete(ticket)
      running.add(ticket)
      start()
    }
  }
  return {
    enter(start) {
      const ticket: Ticket = {
        leave() {
          waiting.delete(ticket)
          running.delete(ticket)
          admit()
        },
      }
      waiting.set(ticket, start)
      admit()
      return ticket
    },
    running: () => running.size,
    waiting: () => waiting.size,
  }
}
