import type { IdentityRecord, SessionRecord, UserRecord } from '../../records.ts'
import type { CodeRow, LoginPlan } from '../store.ts'
import type { PgValue } from './driver.ts'
import { eventLists, insertEvents } from './history.ts'
import { sessionValues } from './rows.ts'
import { type Statement, statement } from './sql.ts'
import type { Transaction } from './transaction.ts'

type Columns = readonly (readonly [name: string, type: string])[]

const CODE: Columns = [
  ['hash', 'bytea'],
  ['selector', 'bigint'],
  ['used_at_ms', 'bigint'],
  ['seed', 'bytea'],
  ['is_new', 'boolean'],
  ['forget_after_ms', 'bigint'],
]
const USER: Columns = [
  ['id', 'text'],
  ['nickname', 'text'],
  ['avatar_url', 'text'],
  ['phone', 'text'],
  ['created_at_ms', 'bigint'],
  ['banned_at_ms', 'bigint'],
]
const IDENTITY: Columns = [
  ['platform', 'text'],
  ['appid', 'text'],
  ['openid', 'text'],
  ['user_id', 'text'],
  ['unionid', 'text'],
  ['union_scope', 'text'],
  ['key_ring', 'json'],
  ['created_at_ms', 'bigint'],
  ['version', 'bigint'],
]
const SESSION: Columns = [
  ['bucket', 'smallint'],
  ['selector', 'bigint'],
  ['token_hash', 'bytea'],
  ['user_id', 'text'],
  ['platform', 'text'],
  ['appid', 'text'],
  ['openid', 'text'],
  ['device', 'json'],
  ['created_at_ms', 'bigint'],
  ['idle_seconds', 'bigint'],
  ['idle_deadline_ms', 'bigint'],
  ['absolute_deadline_ms', 'bigint'],
  ['ended_at_ms', 'bigint'],
  ['end_reason', 'text'],
]

const STEPS = { code: CODE, person: USER, identity: IDENTITY, session: SESSION } as const
const TABLES = { code: 'codes', person: 'users', identity: 'identities', session: 'sessions' } as const
type Step = keyof typeof STEPS

/**
 * One row for each step, in this order, since each needs the one before: a key that is there, or is just being written
 * by somebody else, is waited for as by a statement of its own, and then ends the row of steps.
 */
function insertInTurn(steps: readonly Step[]): Statement {
  let next = 1
  const parts = steps.map((step, place) => {
    const columns = STEPS[step]
    const values = columns.map(([, type]) => `$${next++}::${type}`)
    const before = steps[place - 1]
    const condition = before === undefined ? '' : ` WHERE EXISTS (SELECT FROM ${before})`
    return `${step} AS (INSERT INTO yaopai.${TABLES[step]} (${columns.map(([name]) => name).join(', ')})
      SELECT ${values.join(', ')}${condition} ON CONFLICT DO NOTHING RETURNING 1)`
  })
  const events = `history AS (${insertEvents(next)} WHERE EXISTS (SELECT FROM session))`
  return statement(`WITH ${parts.join(', ')}, ${events}
    SELECT EXISTS (SELECT FROM ${steps[0]}) AS "isBegun", EXISTS (SELECT FROM session) AS "isDone"`)
}

const WITH_CODE = insertInTurn(['code', 'person', 'identity', 'session'])
const WITHOUT_CODE = insertInTurn(['person', 'identity', 'session'])

export interface FirstLogin {
  readonly code: CodeRow | null
  readonly user: UserRecord
  readonly identity: IdentityRecord
  readonly session: SessionRecord
}

/** A login that makes user and identity, and has no session to end; null for any other. */
export function firstLoginOf({ code, user, identity, session, endSessions }: LoginPlan): FirstLogin | null {
  if (user.kind !== 'create' || identity.kind !== 'create' || endSessions.length > 0) return null
  return { code, user: user.record, identity: identity.record, session }
}

/** All rows of a first login in one statement. Who calls undoes what is not `recorded`. */
export async function writeFirstLogin(
  tx: Transaction,
  { code, user, identity, session }: FirstLogin,
  events: LoginPlan['events'],
): Promise<'recorded' | 'code_used' | 'conflict'> {
  const values = [
    ...userValues(user),
    ...identityValues(identity),
    ...sessionValues(session),
    ...eventLists(events),
  ]
  const row = await (code === null
    ? tx.one<Outcome>(WITHOUT_CODE, ...values)
    : tx.one<Outcome>(WITH_CODE, ...codeValues(code, session.selector), ...values))
  if (row?.isDone === true) return 'recorded'
  return code !== null && row?.isBegun === false ? 'code_used' : 'conflict'
}

interface Outcome {
  readonly isBegun: boolean
  readonly isDone: boolean
}

function codeValues({ hash, usedAtMs, seed, isNew, forgetAfterMs }: CodeRow, selector: number): PgValue[] {
  return [hash, selector, usedAtMs, seed, isNew, forgetAfterMs]
}

function userValues({ id, nickname, avatarUrl, phone, createdAtMs, bannedAtMs }: UserRecord): PgValue[] {
  return [id, nickname, avatarUrl, phone, createdAtMs, bannedAtMs]
}

function identityValues(identity: IdentityRecord): PgValue[] {
  const { platform, appid, openid, userId, unionid, unionScope, keyRing, createdAtMs, version } = identity
  return [platform, appid, openid, userId, unionid, unionScope, JSON.stringify(keyRing), createdAtMs, version]
}
