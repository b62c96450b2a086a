import type { UserId } from './ids.ts'
import { newEvent, type Origin, type Services } from './services.ts'

type Banning = Pick<Services, 'store' | 'clock' | 'random'>

/** Bans a user, living sessions included, or lifts the ban. False when there is no such user. */
export function setBan(
  services: Banning,
  userId: UserId,
  isBanned: boolean,
  origin: Origin,
): Promise<boolean> {
  const type = isBanned ? 'user.banned' : 'user.unbanned'
  return services.store.setUserBan({
    userId,
    bannedAtMs: isBanned ? services.clock.nowMs() : null,
    events: [newEvent(services, origin, type, { userId })],
  })
}
