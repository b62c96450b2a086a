import type { Store } from '../store.ts'
import { appendChanges } from './changes.ts'
import { appendEvents } from './history.ts'
import { isSession, livesAt } from './rows.ts'
import { type Query, sql } from './sql.ts'
import type { Transaction } from './transaction.ts'
import { lockUser } from './users.ts'

/**
 * The user's lock comes first: a login that is about to be recorded is either erased here, or finds nobody. Hashes of
 * tokens stay, so that who holds one is told that the account is closed; seeds would bring tokens back.
 */
export async function closeAccount(
  tx: Transaction,
  { userId, atMs, events }: Parameters<Store['closeAccount']>[0],
): Promise<boolean> {
  const [user, sessions] = await tx.ask([
    lockUser(userId),
    sql`SELECT selector FROM yaopai_sessions WHERE user_id = ${userId} ORDER BY selector`,
  ])
  if (user?.first() === undefined) return tx.undo(false)
  const selectors = sessions?.rows<{ selector: number }>().map(({ selector }) => selector) ?? []
  tx.atLast(
    sql`UPDATE yaopai_users SET nickname = NULL, avatar_url = NULL, phone = NULL, banned_at_ms = NULL,
      closed_at_ms = ${atMs} WHERE id = ${userId}`,
    sql`DELETE FROM yaopai_identities WHERE user_id = ${userId}`,
    ...selectors.flatMap((selector) => eraseSession(selector, atMs)),
    sql`UPDATE yaopai_events SET request_id = NULL, ip = NULL, facts = '{}' WHERE user_id = ${userId}`,
  )
  appendEvents(tx, events)
  appendChanges(tx, [{ atMs, userId, selector: null }])
  return true
}

/** By their primary keys, as in `endUserSessions`. */
function eraseSession(selector: number, atMs: number): Query[] {
  return [
    sql`UPDATE yaopai_sessions SET ended_at_ms = ${atMs}, end_reason = 'user_deleted'
      WHERE ${isSession(selector)} AND ${livesAt(atMs)}`,
    sql`UPDATE yaopai_sessions SET openid = '', device = NULL, renewal_seed = NULL WHERE ${isSession(selector)}`,
    sql`UPDATE yaopai_retired_tokens SET seed = NULL WHERE ${isSession(selector)}`,
  ]
}
