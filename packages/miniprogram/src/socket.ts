import { ask } from './ask.ts'
import { authCall } from './auth-call.ts'
import type { Core } from './core.ts'
import { nothing } from './quietly.ts'
import { tokenRefusalOf } from './refusal.ts'
import type { AnswerLike, SocketLike } from './types.ts'
import { errorOfFailure } from './wx-failure.ts'

/**
 * Resolves with the socket once it is open. WeChat shows no status of a handshake that failed, so the server is asked
 * whether it was the token; if so, its refusal is the answer.
 */
export function openSocket(
  core: Core,
  options: object,
  onTask: (task: object) => void,
  token: string,
): Promise<AnswerLike> {
  return new Promise<SocketLike & AnswerLike>((resolve, reject) => {
    const fail = (failure: unknown) => reject(errorOfFailure(failure))
    const watch = (socket: SocketLike & AnswerLike) => {
      onTask(socket)
      socket.onOpen(() => resolve(socket))
      socket.onError(fail)
      socket.onClose(fail)
    }
    // Success means that the task was made; Taro answers with a Promise of it.
    const begin = (task: object) => {
      const { then } = Object(task)
      if (then) then.call(task, watch, fail)
      else watch(task as SocketLike & AnswerLike)
    }
    ask(core.wx, 'connectSocket', options, 0, begin).catch(fail)
  }).catch((error) => {
    // Where the token is not the present one any more, there is nothing to ask.
    if (!token || token !== core.kept.token) throw error
    return authCall(core, 'GET', '/session', token)
      .catch(nothing)
      .then((answer) => {
        if (answer && tokenRefusalOf(answer)) return answer
        throw error
      })
  })
}
