import type { Caller, RequestLike } from 'yaopai/express'

/** Behind `requireUser()` there is always somebody. */
export function callerOf({ yaopai }: RequestLike): Caller {
  if (!yaopai) throw new Error('The route lacks requireUser()')
  return yaopai
}
