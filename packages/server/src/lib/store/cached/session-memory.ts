import type { UserId } from '../../ids.ts'
import type { StoredSession } from '../../records.ts'

/** Sessions at hand, by selector. It knows nothing of when they are good: who asks sees to that. */
export interface SessionMemory {
  get(selector: number): StoredSession | null
  put(session: StoredSession): void
  drop(selector: number): void
  /** All sessions of the user. */
  dropUser(userId: UserId): void
  clear(): void
  readonly size: number
}
