import type { Store } from '../store.ts'
import { appendChange } from './changes.ts'
import { appendEvents } from './history.ts'
import { alreadySo } from './probe.ts'
import { livesAt } from './rows.ts'
import { statement } from './sql.ts'
import type { Transaction } from './transaction.ts'
import { lockUser } from './users.ts'

const ERASE_USER = statement(
  `UPDATE yaopai.users SET nickname = NULL, avatar_url = NULL, phone = NULL, banned_at_ms = NULL, closed_at_ms = $2
    WHERE id = $1`,
)
const DELETE_IDENTITIES = statement('DELETE FROM yaopai.identities WHERE user_id = $1')
const END_SESSIONS = statement(
  `UPDATE yaopai.sessions SET ended_at_ms = $2, end_reason = 'user_deleted'
    WHERE user_id = $1 AND ${livesAt('$2')}`,
)
const ERASE_SESSIONS = statement(
  `UPDATE yaopai.sessions SET openid = '', device = NULL, renewal_seed = NULL WHERE user_id = $1`,
)
const WIPE_SEEDS = statement(
  `UPDATE yaopai.retired_tokens SET seed = NULL
    WHERE (bucket, selector) IN (SELECT bucket, selector FROM yaopai.sessions WHERE user_id = $1)`,
)
const ERASE_EVENTS = statement(
  `UPDATE yaopai.events SET request_id = NULL, ip = NULL, facts = '{}' WHERE user_id = $1`,
)

/**
 * The user's lock comes first: a login that is about to be recorded is either erased here, or finds nobody. Hashes of
 * tokens stay, so that who holds one is told that the account is closed; seeds would bring tokens back.
 */
export async function closeAccount(
  tx: Transaction,
  { userId, atMs, events }: Parameters<Store['closeAccount']>[0],
): Promise<boolean> {
  if ((await lockUser(tx, userId)) === null) return alreadySo(tx, false)
  await tx.run(ERASE_USER, userId, atMs)
  await tx.run(DELETE_IDENTITIES, userId)
  await tx.run(END_SESSIONS, userId, atMs)
  await tx.run(ERASE_SESSIONS, userId)
  await tx.run(WIPE_SEEDS, userId)
  await tx.run(ERASE_EVENTS, userId)
  await appendEvents(tx, events)
  await appendChange(tx, { atMs, userId, selector: null })
  return true
}
