import { StoreUnavailableError } from '../../errors.ts'
import type { StoredSession } from '../../records.ts'
import type { Connections } from './connections.ts'
import { findSession, findSessions } from './sessions.ts'

/** Statements under way at one time: while the server works on one, the answer of another is read. */
const MAX_STATEMENTS = 2
/** Look-ups in one statement: the answer to more of them would keep the thread busy for too long. */
const MAX_TOGETHER = 256
/** As many calls as wait for a connection at most. */
const MAX_WAITING = 10_000

export interface LookUps {
  findSession(selector: number): Promise<StoredSession | null>
  /** Sends what waits. */
  flush(): void
}

interface Waiting {
  readonly selector: number
  readonly resolve: (session: StoredSession | null) => void
  readonly reject: (error: unknown) => void
}

/**
 * Look-ups of sessions that come in one turn of the event loop, or while others are under way, share a statement: its
 * costs, on both sides, are those of the round trip and hardly those of a row. Each is answered by a statement that
 * began after it was asked, so it sees all that was acknowledged before.
 */
export function collectLookUps(connections: Pick<Connections, 'read'>): LookUps {
  const waiting: Waiting[] = []
  let underWay = 0
  let isPlanned = false

  const send = (): void => {
    const batch = waiting.splice(0, MAX_TOGETHER)
    underWay += 1
    void answer(connections, batch).finally(() => {
      underWay -= 1
      plan()
    })
  }
  const plan = (): void => {
    if (isPlanned || waiting.length === 0 || underWay >= MAX_STATEMENTS) return
    isPlanned = true
    setImmediate(() => {
      isPlanned = false
      while (waiting.length > 0 && underWay < MAX_STATEMENTS) send()
    })
  }
  return {
    findSession(selector) {
      if (waiting.length >= MAX_WAITING)
        return Promise.reject(new StoreUnavailableError(new Error('Too many calls are waiting')))
      return new Promise((resolve, reject) => {
        waiting.push({ selector, resolve, reject })
        plan()
      })
    },
    flush() {
      while (waiting.length > 0) send()
    },
  }
}

/** Never rejects: who asked is told. */
async function answer(connections: Pick<Connections, 'read'>, batch: readonly Waiting[]): Promise<void> {
  const [first] = batch
  try {
    if (batch.length === 1 && first !== undefined) {
      first.resolve(await connections.read((sql) => findSession(sql, first.selector)))
      return
    }
    const selectors = batch.map(({ selector }) => selector)
    const found = await connections.read((sql) => findSessions(sql, selectors))
    for (const { selector, resolve } of batch) resolve(found.get(selector) ?? null)
  } catch (error) {
    for (const { reject } of batch) reject(error)
  }
}
