/** Since 2022-11 WeChat gives every user this name and a grey picture: no name at all. */
const ANONYMOUS = '微信用户'

/** What careless clients of the tutorial send when they know no name. */
const NO_NAMES = new Set(['undefined', 'null', '[object Object]'])
const MAX_CHARS = 64
const UNPRINTABLE = /[\p{Cc}\u2028\u2029]/u

/**
 * The name in the classic wire's `userInfo`: a nickname, or all of WeChat's userInfo as JSON. It only decorates a
 * login, so whatever is no name is passed over instead of keeping somebody out.
 */
export function classicNickname(userInfo: string | undefined): string | null {
  const name = userInfo?.startsWith('{') ? nickNameIn(userInfo) : userInfo
  if (name === undefined || NO_NAMES.has(name) || name.length > MAX_CHARS || UNPRINTABLE.test(name))
    return null
  return storableNickname(name)
}

function nickNameIn(userInfo: string): string | undefined {
  try {
    const { nickName }: { nickName?: unknown } = JSON.parse(userInfo)
    return typeof nickName === 'string' ? nickName : undefined
  } catch {
    return undefined
  }
}

/** The nickname as it may be kept: trimmed, or null where it says nothing. */
export function storableNickname(nickname: string | null | undefined): string | null {
  const trimmed = nickname?.trim() ?? ''
  return trimmed === '' || trimmed === ANONYMOUS ? null : trimmed
}
