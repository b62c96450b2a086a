import type { DeviceRecord, LivingSession, UsedCode, UserRecord } from '../../records.ts'
import type { LoginFacts, LoginQuery } from '../store.ts'
import { IDENTITY_COLUMNS, USER_COLUMNS } from './rows.ts'
import { type Sql, statement } from './sql.ts'

const SELECT_CODE = statement(
  `SELECT selector, used_at_ms AS "usedAtMs", seed, is_new AS "isNew" FROM yaopai.codes WHERE hash = $1`,
)

/** The oldest user of whom an identity in a scope has a unionid. */
export function selectUnionUser(scope: `$${number}`, unionid: `$${number}`): string {
  return `SELECT ${USER_COLUMNS} FROM yaopai.identities JOIN yaopai.users ON users.id = identities.user_id
    WHERE union_scope = ${scope} AND unionid = ${unionid} AND closed_at_ms IS NULL
    ORDER BY users.created_at_ms, users.id LIMIT 1`
}

/** One statement, since that is what PostgreSQL gives one view of everything for. */
const SELECT_FACTS = statement(`
  WITH identity AS (
    SELECT ${IDENTITY_COLUMNS} FROM yaopai.identities WHERE platform = $1 AND appid = $2 AND openid = $3
  ), person AS (
    SELECT ${USER_COLUMNS} FROM yaopai.users
     WHERE id = (SELECT "userId" FROM identity) AND closed_at_ms IS NULL
  ), union_person AS (
    ${selectUnionUser('$4', '$5')}
  ), living AS (
    SELECT selector, device, idle_deadline_ms AS "idleDeadlineMs", absolute_deadline_ms AS "absoluteDeadlineMs"
      FROM yaopai.sessions
     WHERE user_id = coalesce((SELECT id FROM person), (SELECT id FROM union_person))
       AND ended_at_ms IS NULL AND platform = $1 AND appid = $2
  )
  SELECT (SELECT row_to_json(identity) FROM identity) AS identity,
         (SELECT row_to_json(person) FROM person) AS "user",
         (SELECT row_to_json(union_person) FROM union_person) AS "unionUser",
         (SELECT coalesce(json_agg(living ORDER BY selector), '[]') FROM living) AS sessions`)

interface FactsRow extends Omit<LoginFacts, 'sessions'> {
  readonly user: UserRecord | null
  readonly sessions: readonly (Omit<LivingSession, 'deviceId'> & { readonly device: DeviceRecord | null })[]
}

const NOTHING: LoginFacts = { identity: null, user: null, unionUser: null, sessions: [] }

export async function findCode(sql: Sql, hash: Uint8Array): Promise<UsedCode | null> {
  return (await sql.one<UsedCode>(SELECT_CODE, hash)) ?? null
}

export async function findLoginFacts(sql: Sql, query: LoginQuery): Promise<LoginFacts> {
  const { platform, appid, openid, unionScope, unionid } = query
  const row = await sql.one<FactsRow>(SELECT_FACTS, platform, appid, openid, unionScope, unionid)
  if (row === undefined) return NOTHING
  return { ...row, sessions: row.sessions.map(livingOf) }
}

function livingOf({ device, ...session }: FactsRow['sessions'][number]): LivingSession {
  return { ...session, deviceId: device?.id ?? null }
}
