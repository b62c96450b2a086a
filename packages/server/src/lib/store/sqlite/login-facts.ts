import type { UserId } from '../../ids.ts'
import type { IdentityRecord, LivingSession, UserRecord } from '../../records.ts'
import type { LoginFacts, LoginQuery } from '../store.ts'
import type { SqliteDatabase } from './driver.ts'
import { prepareArrayQuery } from './query.ts'

type UserPart = readonly [
  id: UserId | null,
  nickname: string | null,
  avatarUrl: string | null,
  phone: string | null,
  createdAtMs: number,
  bannedAtMs: number | null,
]

/** Identity, its user, the unionid's user; of the first two all is null where there is none. */
type FactsRow = readonly [
  userId: UserId | null,
  unionid: string | null,
  unionScope: string,
  keyRing: string,
  createdAtMs: number,
  version: number,
  ...user: UserPart,
  ...unionUser: UserPart,
  sessions: string,
]

type LivingPart = readonly [
  selector: number,
  deviceId: string | null,
  idleDeadlineMs: number,
  absoluteDeadlineMs: number,
]

const USER_PART = ['id', 'nickname', 'avatar_url', 'phone', 'created_at_ms', 'banned_at_ms']
const columnsOf = (table: string) => USER_PART.map((name) => `${table}.${name}`).join(', ')

/** One statement: it sees one state of the book by itself, and each more would cost as much again. */
const SELECT_FACTS = `
  SELECT mine.user_id, mine.unionid, mine.union_scope, mine.key_ring, mine.created_at_ms, mine.version,
    ${columnsOf('owner')}, ${columnsOf('namesake')},
    (SELECT json_group_array(json_array(selector, device ->> 0, idle_deadline_ms, absolute_deadline_ms))
       FROM sessions
      WHERE user_id = coalesce(owner.id, namesake.id) AND ended_at_ms IS NULL AND platform = ? AND appid = ?)
    FROM (SELECT 1)
    LEFT JOIN identities AS mine ON mine.platform = ? AND mine.appid = ? AND mine.openid = ?
    LEFT JOIN users AS owner ON owner.id = mine.user_id AND owner.closed_at_ms IS NULL
    LEFT JOIN users AS namesake ON namesake.id = (
      SELECT users.id FROM identities JOIN users ON users.id = identities.user_id
       WHERE union_scope = ? AND unionid = ? AND closed_at_ms IS NULL
       ORDER BY users.created_at_ms, users.id LIMIT 1)`

export function prepareLoginFacts(db: SqliteDatabase): (query: LoginQuery) => LoginFacts {
  const selectFacts = prepareArrayQuery<FactsRow>(db, SELECT_FACTS)
  return (query) => {
    const { platform, appid, openid, unionid, unionScope } = query
    const row = selectFacts.one(platform, appid, platform, appid, openid, unionScope, unionid)
    return row === undefined ? NOBODY : factsOf(query, row)
  }
}

const NOBODY: LoginFacts = { identity: null, user: null, unionUser: null, sessions: [] }

function factsOf(query: LoginQuery, row: FactsRow): LoginFacts {
  return {
    identity: identityOf(query, row),
    user: userOf(row[6], row[7], row[8], row[9], row[10], row[11]),
    unionUser: userOf(row[12], row[13], row[14], row[15], row[16], row[17]),
    sessions: (JSON.parse(row[18]) as LivingPart[]).map(livingOf).sort((a, b) => a.selector - b.selector),
  }
}

function identityOf({ platform, appid, openid }: LoginQuery, row: FactsRow): IdentityRecord | null {
  const [userId, unionid, unionScope, keyRing, createdAtMs, version] = row
  if (userId === null) return null
  const owned = { userId, unionid, unionScope, keyRing: JSON.parse(keyRing) as string[] }
  return { platform, appid, openid, ...owned, createdAtMs, version }
}

function userOf(...[id, nickname, avatarUrl, phone, createdAtMs, bannedAtMs]: UserPart): UserRecord | null {
  return id === null ? null : { id, nickname, avatarUrl, phone, createdAtMs, bannedAtMs }
}

function livingOf([selector, deviceId, idleDeadlineMs, absoluteDeadlineMs]: LivingPart): LivingSession {
  return { selector, deviceId, idleDeadlineMs, absoluteDeadlineMs }
}
