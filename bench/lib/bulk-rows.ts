import { base62 } from '../../packages/server/src/lib/ids.ts'
import { DEFAULT_POLICY, deadlinesOf } from '../../packages/server/src/lib/session/lifetime.ts'
import type { SqliteDatabase } from '../../packages/server/src/lib/store/sqlite/driver.ts'
import { APPID } from '../peers/yaopai.ts'

/**
 * Rows as logins leave them, one user, identity, session and event a number, made by SQL in the order of their keys.
 * Nothing is drawn at random but the hashes: the same number always has the same keys.
 */
export interface RowPlan {
  /** Of the first session. */
  readonly startMs: number
  /** Sessions that begin in one millisecond; their selectors share its 4,096 numbers. */
  readonly perMs: number
  readonly sessions: number
}

const RANDOM_BITS = 4096
const SPREAD = 2_654_435_761
/** As long as a sealed session_key is. */
const SEALED = `v1.bench.${'a'.repeat(16)}.${'b'.repeat(32)}.${'c'.repeat(22)}`
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export function selectorAt({ startMs, perMs }: RowPlan, number: number): number {
  const slot = Math.floor(RANDOM_BITS / perMs)
  const noise = Number((BigInt(number) * BigInt(SPREAD)) % BigInt(slot))
  return (startMs + Math.floor(number / perMs)) * RANDOM_BITS + (number % perMs) * slot + noise
}

/** What the rows of user number `number` say of it. */
export function rowsOf(plan: RowPlan, number: number) {
  const place = (BigInt(number) * BigInt(scatterFor(plan.sessions))) % BigInt(plan.sessions)
  return {
    userId: `usr_${base62(BigInt(number), 16)}` as const,
    openid: `oseed${String(place).padStart(23, '0')}`,
    selector: selectorAt(plan, number),
    createdAtMs: plan.startMs + Math.floor(number / plan.perMs),
    keyRing: [SEALED],
  }
}

/** Inserts the numbers from `first` to `last` into all four tables, to be called in a transaction. */
export function prepareInserts(db: SqliteDatabase, plan: RowPlan): (first: number, last: number) => void {
  const statements = [usersSql(plan), identitiesSql(plan), sessionsSql(plan), eventsSql(plan)].map((sql) =>
    db.prepare(sql),
  )
  return (first, last) => {
    for (const statement of statements) statement.run(first, last)
  }
}

/** Whole, since Node's own SQLite binds a number as a fraction, and what is divided here would be one. */
const NUMBERS = `WITH RECURSIVE numbers (n) AS (SELECT CAST(? AS INTEGER) UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)`

/** Six digits of base 62 after ten noughts: as long as an id, and in the order of the numbers. */
const ID_BODY = `'0000000000' || ${[5, 4, 3, 2, 1, 0]
  .map((power) => `substr('${DIGITS}', n / ${62 ** power} % 62 + 1, 1)`)
  .join(' || ')}`
const USER_ID = `'usr_' || ${ID_BODY}`

/** Scatters the openids over the users, as WeChat's are. */
const SCATTER = 7_368_787

function openidSql({ sessions }: RowPlan): string {
  return `printf('oseed%023d', n * ${scatterFor(sessions)} % ${sessions})`
}

/** The first number from SCATTER on that shares no factor with the count: then no openid comes twice. */
function scatterFor(sessions: number): number {
  let scatter = SCATTER
  while (greatestCommonDivisor(scatter, sessions) !== 1) scatter += 1
  return scatter
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other)
}

/** The number with which multiplying undoes the scattering. */
function gatherFor(sessions: number): number {
  let [before, now] = [BigInt(sessions), BigInt(scatterFor(sessions)) % BigInt(sessions)]
  let [factorBefore, factor] = [0n, 1n]
  while (now > 1n) {
    const times = before / now
    ;[before, now] = [now, before % now]
    ;[factorBefore, factor] = [factor, factorBefore - times * factor]
  }
  return Number(((factor % BigInt(sessions)) + BigInt(sessions)) % BigInt(sessions))
}

function createdAt({ startMs, perMs }: RowPlan): string {
  return `(${startMs} + n / ${perMs})`
}

function selectorSql(plan: RowPlan): string {
  const slot = Math.floor(RANDOM_BITS / plan.perMs)
  return `(${createdAt(plan)} * ${RANDOM_BITS} + n % ${plan.perMs} * ${slot} + n * ${SPREAD} % ${slot})`
}

function usersSql(plan: RowPlan): string {
  return `INSERT INTO users (id, nickname, created_at_ms)
    ${NUMBERS} SELECT ${USER_ID}, 'alice', ${createdAt(plan)} FROM numbers`
}

/** In the order of the openids, which is that of their key. */
function identitiesSql(plan: RowPlan): string {
  const keyRing = JSON.stringify([SEALED])
  return `INSERT INTO identities
    (platform, appid, openid, user_id, union_scope, key_ring, created_at_ms, version)
    ${NUMBERS} SELECT 'wechat', '${APPID}', printf('oseed%023d', openid), ${USER_ID}, 'default', '${keyRing}',
      ${createdAt(plan)}, 1
    FROM (SELECT n AS openid, n * ${gatherFor(plan.sessions)} % ${plan.sessions} AS n FROM numbers)`
}

function sessionsSql(plan: RowPlan): string {
  const { idleDeadlineMs, absoluteDeadlineMs } = deadlinesOf(0, DEFAULT_POLICY)
  return `INSERT INTO sessions (selector, token_hash, user_id, platform, appid, openid, created_at_ms,
      idle_seconds, idle_deadline_ms, absolute_deadline_ms)
    ${NUMBERS} SELECT ${selectorSql(plan)}, randomblob(32), ${USER_ID}, 'wechat', '${APPID}', ${openidSql(plan)},
      ${createdAt(plan)}, ${DEFAULT_POLICY.idleSeconds}, ${createdAt(plan)} + ${idleDeadlineMs},
      ${createdAt(plan)} + ${absoluteDeadlineMs} FROM numbers`
}

function eventsSql(plan: RowPlan): string {
  return `INSERT INTO events (id, at_ms, type, appid, user_id, session_id, request_id, ip, facts)
    ${NUMBERS} SELECT 'evt_' || ${ID_BODY}, ${createdAt(plan)}, 'login.succeeded', '${APPID}', ${USER_ID},
      printf('ses_%014x', ${selectorSql(plan)}), 'req_' || ${ID_BODY}, '203.0.113.7', '{}' FROM numbers`
}
