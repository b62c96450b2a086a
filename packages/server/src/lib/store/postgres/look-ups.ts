import { StoreUnavailableError } from '../../errors.ts'
import type { StoredSession } from '../../records.ts'
import type { Deadline } from '../sql/deadline.ts'
import { MAX_WAITING } from '../sql/limits.ts'
import type { PostgresConnections } from './connections.ts'
import { findSession, findSessions } from './sessions.ts'

/** Statements under way at one time: while the server works on one, the answer of another is read. */
const MAX_STATEMENTS = 2
/** Look-ups in one statement: the answer to more of them would keep the thread busy for too long. */
const MAX_TOGETHER = 256

export interface LookUps {
  findSession(selector: number): Promise<StoredSession | null>
  /** Sends what waits. */
  flush(): void
}

interface Waiting {
  readonly selector: number
  readonly deadline: Deadline
  readonly resolve: (session: StoredSession | null) => void
  readonly reject: (error: unknown) => void
}

/**
 * Look-ups of sessions that come in one turn of the event loop, or while others are under way, share a statement: its
 * costs, on both sides, are those of the round trip and hardly those of a row. Each is answered by a statement that
 * began after it was asked, so it sees all that was acknowledged before.
 */
type LookingUp = Pick<PostgresConnections, 'lookUp' | 'lookUpDeadline'>

export function collectLookUps(connections: LookingUp): LookUps {
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
        waiting.push({ selector, deadline: connections.lookUpDeadline(), resolve, reject })
        plan()
      })
    },
    flush() {
      while (waiting.length > 0) send()
    },
  }
}

/**
 * Never rejects: who asked is told. All wait as long as the first may, who has waited longest; and those that wait in
 * line came after all that is under way, so that none is kept beyond its own time.
 */
async function answer(connections: LookingUp, batch: readonly Waiting[]): Promise<void> {
  const [first] = batch
  if (first === undefined) return
  try {
    if (batch.length === 1) {
      first.resolve(await connections.lookUp((sql) => findSession(sql, first.selector), first.deadline))
      return
    }
    const selectors = batch.map(({ selector }) => selector)
    const found = await connections.lookUp((sql) => findSessions(sql, selectors), first.deadline)
    for (const { selector, resolve } of batch) resolve(found.get(selector) ?? null)
  } catch (error) {
    for (const { reject } of batch) reject(error)
  }
}
