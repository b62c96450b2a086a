import { REPLAY_SECONDS } from './login.ts'
import type { Services } from './services.ts'
import { TOMBSTONE_SECONDS } from './session/lifetime.ts'

/** A turn that took this many may have left some. */
export const ROWS_A_TURN = 1_000
/** Nodes poll several times a second; an hour is for those that slept. */
const KEEP_CHANGES_SECONDS = 3_600
/**
 * Of whatever age: who wrote them may have a clock that is an hour behind, and who sweeps one that is ahead. In the second
 * for which a node may use what it remembers there are not so many.
 */
const CHANGES_KEPT = 10_000

/**
 * Forgets what is over, one bounded turn; says how many rows went, so that the caller goes on while it is many.
 * `keepChanges` where the clock cannot be trusted: other nodes may not have read those that seem old.
 */
export function sweep(
  services: Pick<Services, 'store' | 'clock'>,
  eventRetentionDays: number,
  { keepChanges = false }: { readonly keepChanges?: boolean } = {},
): Promise<number> {
  const nowMs = services.clock.nowMs()
  return services.store.sweep({
    nowMs,
    sessionsBeforeMs: nowMs - TOMBSTONE_SECONDS * 1000,
    eventsBeforeMs: nowMs - eventRetentionDays * 86_400_000,
    changesBeforeMs: keepChanges ? 0 : nowMs - KEEP_CHANGES_SECONDS * 1000,
    changesKept: CHANGES_KEPT,
    seedsBeforeMs: nowMs - REPLAY_SECONDS * 1000,
    limit: ROWS_A_TURN,
  })
}
