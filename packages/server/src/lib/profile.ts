import { storableNickname } from './identity/nickname.ts'
import type { StoredSession, UserRecord } from './records.ts'
import { newEvent, type Origin, type Services } from './services.ts'

/** What is left out stays; null empties. */
export interface ProfileInput {
  readonly nickname?: string | null
  readonly avatarUrl?: string | null
}

/** Changes the caller's profile. Null when the account was closed meanwhile. */
export function changeProfile(
  services: Services,
  caller: StoredSession,
  input: ProfileInput,
  origin: Origin,
): Promise<UserRecord | null> {
  const { userId, appid, selector } = caller
  const facts = { nickname: input.nickname !== undefined, avatarUrl: input.avatarUrl !== undefined }
  return services.store.updateProfile({
    userId,
    ...(input.nickname === undefined ? {} : { nickname: storableNickname(input.nickname) }),
    ...(input.avatarUrl === undefined ? {} : { avatarUrl: input.avatarUrl }),
    events: [newEvent(services, origin, 'user.profile_changed', { appid, userId, selector, facts })],
  })
}
