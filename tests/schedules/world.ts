/** A running app: what it still has to do dies with it, and waits while the phone has frozen it. */
export interface Life {
  dead: boolean
  frozen: boolean
}

interface Timed {
  readonly atMs: number
  readonly run: () => void
  readonly life: Life | null
  cancelled: boolean
}

/** Virtual time: events run in order of their time, then of their coming; nothing here waits for a real clock. */
export interface World {
  nowMs(): number
  /** Runs it after so many milliseconds; the answer takes it back. `life` null: not the app's, such as the server's. */
  after(delayMs: number, run: () => void, life?: Life | null): () => void
  /** Lets time pass, with all that happens in it. */
  pass(durationMs: number): void
  /** What a frozen app was about to do happens now. */
  thaw(life: Life): void
  /** How many events have run. */
  ran(): number
}

/** A story of a few minutes has a few hundred events; who makes more goes round in circles. */
const MAX_EVENTS = 20_000

/**
 * @param afterEach is called when an event has run
 * @param isOver ends the passing of time early
 */
export function createWorld(startMs: number, afterEach: () => void, isOver: () => boolean): World {
  let nowMs = startMs
  let count = 0
  const queue: Timed[] = []
  const held: Timed[] = []

  function insert(event: Timed): void {
    let low = 0
    let high = queue.length
    while (low < high) {
      const middle = (low + high) >> 1
      const isEarlier = (queue[middle]?.atMs ?? 0) <= event.atMs
      if (isEarlier) low = middle + 1
      else high = middle
    }
    queue.splice(low, 0, event)
  }

  function runNext(event: Timed): void {
    nowMs = event.atMs
    if (event.cancelled || event.life?.dead) return
    if (event.life?.frozen) {
      held.push(event)
      return
    }
    count += 1
    if (count > MAX_EVENTS) throw new Error(`more than ${MAX_EVENTS} events: it goes round in circles`)
    event.run()
    afterEach()
  }

  return {
    nowMs: () => nowMs,
    ran: () => count,
    after(delayMs, run, life = null) {
      const event: Timed = { atMs: nowMs + Math.max(0, delayMs), run, life, cancelled: false }
      insert(event)
      return () => {
        event.cancelled = true
      }
    },
    pass(durationMs) {
      const endMs = nowMs + durationMs
      for (let next = queue[0]; next !== undefined && next.atMs <= endMs; next = queue[0]) {
        if (isOver()) return
        queue.shift()
        runNext(next)
      }
      nowMs = endMs
    },
    thaw(life) {
      const waiting = held.filter((event) => event.life === life)
      held.splice(0, held.length, ...held.filter((event) => event.life !== life))
      for (const event of waiting) insert({ ...event, atMs: nowMs, cancelled: event.cancelled })
    },
  }
}
