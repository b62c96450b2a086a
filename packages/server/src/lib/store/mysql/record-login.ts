import type { IdentityRecord, SessionEnd, UserRecord } from '../../records.ts'
import { deviceText } from '../sql/rows.ts'
import type { LoginPlan } from '../store.ts'
import { appendChanges } from './changes.ts'
import { appendEvents } from './history.ts'
import { bucketOf, identityKeyOf, unionGateOf, unionKeyOf } from './keys.ts'
import { selectUnionUser } from './login-facts.ts'
import { isSession } from './rows.ts'
import { Answer } from './session.ts'
import { endOne } from './sessions.ts'
import { type Query, sql } from './sql.ts'
import type { Transaction } from './transaction.ts'
import { lockUser } from './users.ts'

/** A statement, and what it must have given for the login to go on. */
interface Step {
  readonly query: Query
  readonly fits: (answer: Answer) => boolean
}

/**
 * Each step takes the lock under which what it says stays true until the commit, always in this order: code, unionid,
 * user, identity, sessions. So logins of one person come one after the other, whichever nodes they come to, and none
 * waits in a circle. Where a key is there already, or is just being written by somebody else, the step waits for that
 * and then finds it taken.
 *
 * All steps go out together, and are judged together: whatever those behind the first that does not fit have written is
 * undone with the rest. With the commit, that makes two round trips.
 */
export async function recordLogin(
  tx: Transaction,
  plan: LoginPlan,
): Promise<'recorded' | 'code_used' | 'conflict'> {
  const steps = [
    ...takeUnion(plan),
    takeUser(plan),
    takeIdentity(plan),
    ...seenAll(plan),
    insertSession(plan),
  ]
  const ends = endingOf(plan)
  const queries = [...spendCode(plan), ...steps.map(({ query }) => query), ...ends.map(lockUnended(plan))]
  const answers = await tx.ask(queries)
  const isSpent = plan.code !== null && answers.shift()?.written !== 1
  if (isSpent) return tx.undo('code_used')
  const found = answers.slice(steps.length).map((answer) => answer.first<Deadlines>())
  const doAllFit = steps.every(({ fits }, place) => fits(answers[place] ?? NO_ANSWER))
  if (!doAllFit || found.includes(undefined)) return tx.undo('conflict')
  const living = ends.filter(({ atMs }, place) => livesUntilAfter(atMs, found[place]))
  giveWay(tx, plan, living)
  return 'recorded'
}

/** Events before changes: nothing is locked any more once a change is written. */
function giveWay(tx: Transaction, { session, events }: LoginPlan, ends: readonly SessionEnd[]): void {
  const { userId } = session
  tx.atLast(...ends.map((end) => endOne(userId, end)))
  appendEvents(tx, events)
  appendChanges(
    tx,
    ends.map(({ atMs, selector }) => ({ atMs, userId, selector })),
  )
}

const NO_ANSWER = new Answer(null)
/** Where the key was there already, the row is altered only to tell so, and undone. */
const isNew = (answer: Answer): boolean => answer.written === 1
const isThere = (answer: Answer): boolean => answer.first() !== undefined
const isNotThere = (answer: Answer): boolean => answer.first() === undefined

function spendCode({ code, session }: LoginPlan): Query[] {
  if (code === null) return []
  const { hash, usedAtMs, seed, forgetAfterMs } = code
  return [
    sql`INSERT INTO yaopai_codes (hash, selector, used_at_ms, seed, is_new, forget_after_ms)
      VALUES (${hash}, ${session.selector}, ${usedAtMs}, ${seed}, ${code.isNew}, ${forgetAfterMs})
      ON DUPLICATE KEY UPDATE forget_after_ms = forget_after_ms + 1`,
  ]
}

/**
 * For all who give an identity a unionid: two apps may meet the same new person at the same moment, and neither has a
 * row yet that the other could see. Who makes a user must find none who has the unionid.
 */
function takeUnion({ user, identity }: LoginPlan): Step[] {
  if (identity.kind === 'keep') return []
  const unionKey = unionKeyOf(identity.record.unionScope, identity.record.unionid)
  if (unionKey === null) return []
  const gate = sql`SELECT id FROM yaopai_gates WHERE id = ${unionGateOf(unionKey)} FOR UPDATE`
  const steps = [{ query: gate, fits: isThere }]
  if (user.kind === 'keep' || identity.kind === 'update') return steps
  return [...steps, { query: selectUnionUser(sql`yaopai_users.id`, unionKey), fits: isNotThere }]
}

function takeUser({ user }: LoginPlan): Step {
  if (user.kind === 'keep') {
    return { query: lockUser(user.id), fits: (answer) => answer.first<UserRecord>()?.bannedAtMs === null }
  }
  const { id, nickname, avatarUrl, phone, createdAtMs, bannedAtMs } = user.record
  const query = sql`INSERT INTO yaopai_users (id, nickname, avatar_url, phone, created_at_ms, banned_at_ms)
    VALUES (${id}, ${nickname}, ${avatarUrl}, ${phone}, ${createdAtMs}, ${bannedAtMs})
    ON DUPLICATE KEY UPDATE created_at_ms = created_at_ms + 1`
  return { query, fits: isNew }
}

function takeIdentity({ identity }: LoginPlan): Step {
  if (identity.kind === 'create') return { query: insertIdentity(identity.record), fits: isNew }
  const key = identityKeyOf(identity.kind === 'keep' ? identity.key : identity.record)
  const asRead = sql`id_key = ${key} AND version = ${identity.expectedVersion}`
  if (identity.kind === 'keep') {
    return { query: sql`SELECT version FROM yaopai_identities WHERE ${asRead} FOR UPDATE`, fits: isThere }
  }
  const { userId, unionid, unionScope, keyRing } = identity.record
  const query = sql`UPDATE yaopai_identities SET user_id = ${userId}, unionid = ${unionid}, union_scope = ${unionScope},
    union_key = ${unionKeyOf(unionScope, unionid)}, key_ring = ${JSON.stringify(keyRing)}, version = version + 1
    WHERE ${asRead}`
  return { query, fits: isNew }
}

function insertIdentity(record: IdentityRecord): Query {
  const { platform, appid, openid, userId, unionid, unionScope, keyRing, createdAtMs, version } = record
  return sql`INSERT INTO yaopai_identities (id_key, platform, appid, openid, user_id, unionid, union_scope, union_key,
      key_ring, created_at_ms, version)
    VALUES (${identityKeyOf(record)}, ${platform}, ${appid}, ${openid}, ${userId}, ${unionid}, ${unionScope},
      ${unionKeyOf(unionScope, unionid)}, ${JSON.stringify(keyRing)}, ${createdAtMs}, ${version})
    ON DUPLICATE KEY UPDATE version = version + 1`
}

/** Under the user's lock no session is added. */
function seenAll({ user, session, seenSelectors }: LoginPlan): Step[] {
  if (user.kind === 'create') return []
  const { userId, platform, appid } = session
  const others = seenSelectors.length === 0 ? sql`` : sql`AND selector NOT IN (${seenSelectors})`
  const query = sql`SELECT selector FROM yaopai_sessions WHERE user_id = ${userId} AND ended_at_ms IS NULL
    AND platform = ${platform} AND appid = ${appid} ${others} LIMIT 1`
  return [{ query, fits: isNotThere }]
}

function insertSession({ session }: LoginPlan): Step {
  const { selector, tokenHash, userId, platform, appid, openid, createdAtMs } = session
  const device = deviceText(session.device)
  const query = sql`INSERT INTO yaopai_sessions (bucket, selector, token_hash, user_id, platform, appid, openid, device,
      created_at_ms, idle_seconds, idle_deadline_ms, absolute_deadline_ms, ended_at_ms, end_reason)
    VALUES (${bucketOf(selector)}, ${selector}, ${tokenHash}, ${userId}, ${platform}, ${appid}, ${openid}, ${device},
      ${createdAtMs}, ${session.idleSeconds}, ${session.idleDeadlineMs}, ${session.absoluteDeadlineMs},
      ${session.endedAtMs}, ${session.endReason})
    ON DUPLICATE KEY UPDATE renewals = renewals + 1`
  return { query, fits: isNew }
}

/** Each once, in one order for all. */
function endingOf({ endSessions }: LoginPlan): SessionEnd[] {
  const bySelector = new Map<number, SessionEnd>()
  for (const end of endSessions) if (!bySelector.has(end.selector)) bySelector.set(end.selector, end)
  return [...bySelector.values()].sort((a, b) => a.selector - b.selector)
}

interface Deadlines {
  readonly idleDeadlineMs: number
  readonly absoluteDeadlineMs: number
}

/** Those that are to end are locked, since any act may end one. */
function lockUnended({ session }: LoginPlan): (end: SessionEnd) => Query {
  return ({ selector }) =>
    sql`SELECT idle_deadline_ms AS idleDeadlineMs, absolute_deadline_ms AS absoluteDeadlineMs FROM yaopai_sessions
      WHERE ${isSession(selector)} AND user_id = ${session.userId} AND ended_at_ms IS NULL FOR UPDATE`
}

function livesUntilAfter(atMs: number, deadlines: Deadlines | undefined): boolean {
  return deadlines !== undefined && deadlines.idleDeadlineMs > atMs && deadlines.absoluteDeadlineMs > atMs
}
