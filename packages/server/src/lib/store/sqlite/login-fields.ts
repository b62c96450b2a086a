import type { EventRecord } from '../../events.ts'
import type { IdentityRecord, SessionEnd, SessionRecord, UserRecord } from '../../records.ts'
import type { CodeRow, LoginPlan } from '../store.ts'

/**
 * A login's plan as one flat list, to go to another thread: copying the objects that a plan is made of takes six
 * times as long. Bytes go as text of one byte a character. What is written here is read in the same order below.
 */
export type LoginFields = readonly Field[]

type Field = string | number | boolean | null

export function packLogin(plan: LoginPlan): LoginFields {
  const fields: Field[] = []
  packCode(fields, plan.code)
  packUser(fields, plan.user)
  packIdentity(fields, plan.identity)
  fields.push(plan.seenSelectors.length, ...plan.seenSelectors, plan.endSessions.length)
  for (const { selector, reason, atMs } of plan.endSessions) fields.push(selector, reason, atMs)
  packSession(fields, plan.session)
  fields.push(plan.events.length)
  for (const event of plan.events) packEvent(fields, event)
  return fields
}

export function unpackLogin(fields: LoginFields): LoginPlan {
  const reader = new Reader(fields)
  return {
    code: readCode(reader),
    user: readUser(reader),
    identity: readIdentity(reader),
    seenSelectors: reader.list<number>(() => reader.take()),
    endSessions: reader.list<SessionEnd>(() => readEnd(reader)),
    session: readSession(reader),
    events: reader.list<EventRecord>(() => readEvent(reader)),
  }
}

/** Hands the fields out one after the other; the type of each is known by its place. */
class Reader {
  readonly #fields: LoginFields
  #at = 0

  constructor(fields: LoginFields) {
    this.#fields = fields
  }

  take<Value extends Field>(): Value {
    const value = this.#fields[this.#at]
    this.#at += 1
    return value as Value
  }

  bytes(): Uint8Array {
    return Buffer.from(this.take<string>(), 'latin1')
  }

  list<Item>(one: () => Item): Item[] {
    return Array.from({ length: this.take<number>() }, one)
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

function packCode(fields: Field[], code: CodeRow | null): void {
  if (code === null) {
    fields.push(null)
    return
  }
  const { hash, usedAtMs, seed, isNew, forgetAfterMs } = code
  fields.push(textOf(hash), usedAtMs, seed && textOf(seed), isNew, forgetAfterMs)
}

function readCode(reader: Reader): CodeRow | null {
  const hash = reader.take<string | null>()
  if (hash === null) return null
  const usedAtMs = reader.take<number>()
  const seed = reader.take<string | null>()
  return {
    hash: Buffer.from(hash, 'latin1'),
    usedAtMs,
    seed: seed === null ? null : Buffer.from(seed, 'latin1'),
    isNew: reader.take(),
    forgetAfterMs: reader.take(),
  }
}

function packUser(fields: Field[], user: LoginPlan['user']): void {
  fields.push(user.kind)
  if (user.kind === 'keep') {
    fields.push(user.id)
    return
  }
  const { id, nickname, avatarUrl, phone, createdAtMs, bannedAtMs } = user.record
  fields.push(id, nickname, avatarUrl, phone, createdAtMs, bannedAtMs)
}

function readUser(reader: Reader): LoginPlan['user'] {
  const kind = reader.take<LoginPlan['user']['kind']>()
  if (kind === 'keep') return { kind, id: reader.take() }
  const record: UserRecord = {
    id: reader.take(),
    nickname: reader.take(),
    avatarUrl: reader.take(),
    phone: reader.take(),
    createdAtMs: reader.take(),
    bannedAtMs: reader.take(),
  }
  return { kind, record }
}

function packIdentity(fields: Field[], identity: LoginPlan['identity']): void {
  fields.push(identity.kind)
  if (identity.kind !== 'create') fields.push(identity.expectedVersion)
  const { platform, appid, openid } = identity.kind === 'keep' ? identity.key : identity.record
  fields.push(platform, appid, openid)
  if (identity.kind === 'keep') return
  const { userId, unionid, unionScope, keyRing, createdAtMs, version } = identity.record
  fields.push(userId, unionid, unionScope, keyRing.length, ...keyRing, createdAtMs, version)
}

function readIdentity(reader: Reader): LoginPlan['identity'] {
  const kind = reader.take<LoginPlan['identity']['kind']>()
  if (kind === 'create') return { kind, record: readIdentityRecord(reader) }
  const expectedVersion = reader.take<number>()
  if (kind === 'update') return { kind, expectedVersion, record: readIdentityRecord(reader) }
  const key = { platform: reader.take<'wechat'>(), appid: reader.take<string>() }
  return { kind, expectedVersion, key: { ...key, openid: reader.take() } }
}

function readIdentityRecord(reader: Reader): IdentityRecord {
  return {
    platform: reader.take(),
    appid: reader.take(),
    openid: reader.take(),
    userId: reader.take(),
    unionid: reader.take(),
    unionScope: reader.take(),
    keyRing: reader.list<string>(() => reader.take()),
    createdAtMs: reader.take(),
    version: reader.take(),
  }
}

function readEnd(reader: Reader): SessionEnd {
  return { selector: reader.take(), reason: reader.take(), atMs: reader.take() }
}

function packSession(fields: Field[], session: SessionRecord): void {
  const { selector, tokenHash, userId, platform, appid, openid, device } = session
  fields.push(selector, textOf(tokenHash), userId, platform, appid, openid)
  fields.push(device.id, device.brand, device.model, device.platform, device.label)
  const { createdAtMs, idleSeconds, idleDeadlineMs, absoluteDeadlineMs, endedAtMs, endReason } = session
  fields.push(createdAtMs, idleSeconds, idleDeadlineMs, absoluteDeadlineMs, endedAtMs, endReason)
}

function readSession(reader: Reader): SessionRecord {
  return {
    selector: reader.take(),
    tokenHash: reader.bytes(),
    userId: reader.take(),
    platform: reader.take(),
    appid: reader.take(),
    openid: reader.take(),
    device: {
      id: reader.take(),
      brand: reader.take(),
      model: reader.take(),
      platform: reader.take(),
      label: reader.take(),
    },
    createdAtMs: reader.take(),
    idleSeconds: reader.take(),
    idleDeadlineMs: reader.take(),
    absoluteDeadlineMs: reader.take(),
    endedAtMs: reader.take(),
    endReason: reader.take(),
  }
}

function packEvent(fields: Field[], event: EventRecord): void {
  const { id, atMs, type, appid, userId, sessionId, requestId, ip, facts } = event
  fields.push(id, atMs, type, appid, userId, sessionId, requestId, ip, JSON.stringify(facts))
}

function readEvent(reader: Reader): EventRecord {
  return {
    id: reader.take(),
    atMs: reader.take(),
    type: reader.take(),
    appid: reader.take(),
    userId: reader.take(),
    sessionId: reader.take(),
    requestId: reader.take(),
    ip: reader.take(),
    facts: JSON.parse(reader.take<string>()) as EventRecord['facts'],
  }
}
