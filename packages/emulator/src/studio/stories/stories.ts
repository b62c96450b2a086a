import { DAYS_PASS } from './days-pass.ts'
import { FIRST_TAP_FAILS } from './first-tap-fails.ts'
import { LOGGED_OUT_BY_ADMIN } from './logged-out-by-admin.ts'
import { STOLEN_KEY } from './stolen-key.ts'
import type { Story } from './story.ts'
import { TEN_REQUESTS } from './ten-requests.ts'
import { TWO_PHONES } from './two-phones.ts'
import { WECHAT_IS_DOWN } from './wechat-is-down.ts'

/** In the order in which they build on each other. */
export const STORIES: readonly Story[] = [
  TWO_PHONES,
  FIRST_TAP_FAILS,
  TEN_REQUESTS,
  STOLEN_KEY,
  LOGGED_OUT_BY_ADMIN,
  DAYS_PASS,
  WECHAT_IS_DOWN,
]

export function storyById(id: string): Story | undefined {
  return STORIES.find((story) => story.id === id)
}
