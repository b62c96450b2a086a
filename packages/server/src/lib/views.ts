import type { SessionView, UserView } from '../protocol.ts'
import { isoTime } from './clock.ts'
import type { SessionRecord, UserRecord } from './records.ts'
import { sessionIdOf } from './session/selector.ts'

/** A session as its owner may see it: no hash, no openid. */
export function sessionView(session: SessionRecord): SessionView {
  const { id, brand, model, platform, label } = session.device
  return {
    id: sessionIdOf(session.selector),
    appid: session.appid,
    createdAt: isoTime(session.createdAtMs),
    expiresAt: isoTime(session.absoluteDeadlineMs),
    idleSeconds: session.idleSeconds,
    device: { id, brand, model, platform, label },
  }
}

export function userView(user: UserRecord): UserView {
  return {
    id: user.id,
    nickname: user.nickname,
    avatarUrl: user.avatarUrl,
    phone: user.phone === null ? null : maskPhone(user.phone),
    createdAt: isoTime(user.createdAtMs),
  }
}

/** Shorter numbers would show more than they hide. */
const MIN_DIGITS = 11

/** `156****1234`: the first three and last four digits, as WeChat's own rule for showing numbers has it. */
function maskPhone(phone: string): string {
  const digits = phone.replace(/^\+86/, '')
  return digits.length < MIN_DIGITS ? '****' : `${digits.slice(0, 3)}****${digits.slice(-4)}`
}
