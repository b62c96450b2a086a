import type { Core } from './core.ts'
import { limited } from './limited.ts'
import { merged, nothing } from './tell.ts'
import type { RequestResult, SocketLike, WxLike } from './types.ts'

type Task = SocketLike & Partial<Pick<Promise<Task>, 'then' | 'catch'>>

/** The server gives up on WeChat before that, as WeChat does on `wx.login`. */
export const TIMEOUT_MS = 10_000
/** And a bit more, for phones that never call back. */
export const GIVE_UP_MS = 12_000

/**
 * One call of WeChat's as a Promise, in callback style since old base libraries know no other. What WeChat throws,
 * or has not got, is a failure too. Of a socket it resolves with the socket, once it is open.
 * @param giveUpMs after so long without a call back it has failed; 0: only WeChat's own time-out counts
 * @throws YaopaiError
 */
export function ask<Result>(
  core: Core,
  api: keyof WxLike,
  options: object,
  giveUpMs: number,
  onTask: (task: object) => void = nothing,
): Promise<Result> {
  return limited(giveUpMs, (resolve, fail) => {
    const wx = core.wx as unknown as Record<typeof api, (options: object) => unknown>
    const isSocket = api === 'connectSocket'
    // Success of a socket means but that it was made.
    const success = isSocket ? nothing : resolve
    const task = wx[api](merged(options, { success, fail, complete: nothing })) as Task
    const begin = (made: Task) => {
      onTask(made)
      if (!isSocket) return
      made.onOpen(() => resolve(made as unknown as Result))
      made.onError(fail)
      made.onClose(fail)
    }
    // Taro answers with a Promise of the socket; else it calls back, and rejects as well.
    if (isSocket && task.then) task.then(begin, fail)
    else begin(task)
    if (task && task.catch) task.catch(nothing)
  })
}

/** One request to Yaopai itself, followed nowhere else. @throws YaopaiError when no answer came */
export function askServer(
  core: Core,
  method: string,
  path: string,
  token?: string,
  data?: object,
): Promise<RequestResult> {
  const url = core.settings.server + path
  const options = { url, method, data, header: bearer(token), timeout: TIMEOUT_MS, redirect: 'manual' }
  return ask(core, 'request', options, GIVE_UP_MS)
}

export function bearer(token: string | undefined, header?: object): object {
  return merged(header, token && { Authorization: `Bearer ${token}` }) as object
}
