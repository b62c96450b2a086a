import type { DeviceRecord, IdentityRecord, LivingSession, UsedCode, UserRecord } from '../../records.ts'
import type { LoginFacts, LoginQuery } from '../store.ts'
import { identityKeyOf, unionKeyOf } from './keys.ts'
import { IDENTITY_COLUMNS, USER_COLUMNS } from './rows.ts'
import type { Session } from './session.ts'
import { type Query, sql } from './sql.ts'

export async function findCode(session: Session, hash: Uint8Array): Promise<UsedCode | null> {
  const row = await session.first<Omit<UsedCode, 'isNew'> & { readonly isNew: number }>(
    sql`SELECT selector, used_at_ms AS usedAtMs, seed, is_new AS isNew FROM yaopai_codes WHERE hash = ${hash}`,
  )
  return row === undefined ? null : { ...row, isNew: row.isNew === 1 }
}

/** The oldest user of whom an identity has this union key. */
export function selectUnionUser(columns: Query, unionKey: Uint8Array | null): Query {
  return sql`SELECT ${columns} FROM yaopai_identities JOIN yaopai_users ON yaopai_users.id = yaopai_identities.user_id
    WHERE union_key = ${unionKey} AND closed_at_ms IS NULL
    ORDER BY yaopai_users.created_at_ms, yaopai_users.id LIMIT 1`
}

/** One view of everything: the statements between these see the same moment. */
const LOOK = [
  sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`,
  sql`START TRANSACTION WITH CONSISTENT SNAPSHOT`,
]
const STOP_LOOKING = sql`COMMIT`

interface LivingRow extends Omit<LivingSession, 'deviceId'> {
  readonly device: DeviceRecord | null
}

/** One round trip. */
export async function findLoginFacts(session: Session, query: LoginQuery): Promise<LoginFacts> {
  const { unionScope, unionid, platform, appid } = query
  const key = sql`id_key = ${identityKeyOf(query)}`
  const unionKey = unionKeyOf(unionScope, unionid)
  const person = sql`SELECT id FROM yaopai_users WHERE closed_at_ms IS NULL
    AND id = (SELECT user_id FROM yaopai_identities WHERE ${key})`
  const answers = await session.ask([
    ...LOOK,
    sql`SELECT ${IDENTITY_COLUMNS} FROM yaopai_identities WHERE ${key}`,
    sql`SELECT ${USER_COLUMNS} FROM yaopai_users WHERE id = (${person})`,
    selectUnionUser(USER_COLUMNS, unionKey),
    sql`SELECT selector, device, idle_deadline_ms AS idleDeadlineMs, absolute_deadline_ms AS absoluteDeadlineMs
      FROM yaopai_sessions
      WHERE user_id = COALESCE((${person}), (${selectUnionUser(sql`yaopai_users.id`, unionKey)}))
        AND ended_at_ms IS NULL AND platform = ${platform} AND appid = ${appid} ORDER BY selector`,
    STOP_LOOKING,
  ])
  const [identity, user, unionUser, sessions] = answers.slice(LOOK.length)
  return {
    identity: identity?.first<IdentityRecord>() ?? null,
    user: user?.first<UserRecord>() ?? null,
    unionUser: unionUser?.first<UserRecord>() ?? null,
    sessions: sessions?.rows<LivingRow>().map(livingOf) ?? [],
  }
}

function livingOf({ device, ...session }: LivingRow): LivingSession {
  return { ...session, deviceId: device?.id ?? null }
}
