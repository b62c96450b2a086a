/** Since 2022-11 WeChat gives every user this name and a grey picture: no name at all. */
const ANONYMOUS = '微信用户'

/** The nickname as it may be kept: trimmed, or null where it says nothing. */
export function storableNickname(nickname: string | null | undefined): string | null {
  const trimmed = nickname?.trim() ?? ''
  return trimmed === '' || trimmed === ANONYMOUS ? null : trimmed
}
