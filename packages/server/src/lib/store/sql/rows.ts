import type { DeviceRecord, SessionRecord, StoredSession, UserRecord } from '../../records.ts'

/** Greater than every id. */
export const AFTER_ALL_IDS = '\u{10ffff}'

/** Where an account was closed no device is left. */
const NO_DEVICE: DeviceRecord = { id: null, brand: null, model: null, platform: null, label: null }

/** As it is read: its columns bear the names of the record. */
export interface SessionRow extends Omit<SessionRecord, 'device'> {
  readonly device: DeviceRecord | null
}

export function sessionOf(row: SessionRow): SessionRecord {
  return { ...row, device: row.device ?? { ...NO_DEVICE } }
}

/** What is written: no more of a device than is known here. */
export function deviceText({ id, brand, model, platform, label }: DeviceRecord): string {
  return JSON.stringify({ id, brand, model, platform, label })
}

export interface StoredSessionRow extends SessionRow, Omit<UserRecord, 'id' | 'createdAtMs'> {
  readonly userCreatedAtMs: number
  readonly nextHash: Uint8Array | null
  readonly renewalSeed: Uint8Array | null
  readonly renewals: number
}

export function storedSessionOf(row: StoredSessionRow): StoredSession {
  const { nickname, avatarUrl, phone, userCreatedAtMs, bannedAtMs, nextHash, renewalSeed, ...session } = row
  const user = { id: row.userId, nickname, avatarUrl, phone, createdAtMs: userCreatedAtMs, bannedAtMs }
  const pending = nextHash === null ? null : { nextHash, seed: renewalSeed }
  return { ...session, device: row.device ?? { ...NO_DEVICE }, user, pending }
}
