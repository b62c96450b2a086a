import { ask, askServer } from './ask.ts'
import type { Core } from './core.ts'
import { limited } from './limited.ts'
import { tokenRefusalOf } from './refusal.ts'
import { nothing } from './tell.ts'
import type { AnswerLike, SocketLike } from './types.ts'

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
  return limited<SocketLike & AnswerLike>(0, (resolve, reject) => {
    // Success means that the task was made.
    ask(core, 'connectSocket', options, 0, (task) => {
      const socket = task as SocketLike & AnswerLike
      onTask(socket)
      socket.onOpen(() => resolve(socket))
      socket.onError(reject)
      socket.onClose(reject)
    }).catch(reject)
  }).catch((error) => {
    // Where the token is not the present one any more, there is nothing to ask.
    if (!token || token !== core.kept.token) throw error
    return askServer(core, 'GET', '/session', token)
      .catch(nothing)
      .then((answer) => {
        if (answer && tokenRefusalOf(answer)) return answer
        throw error
      })
  })
}
