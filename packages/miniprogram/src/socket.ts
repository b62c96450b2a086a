import { ask } from './ask.ts'
import { authCall } from './auth-call.ts'
import type { Core } from './core.ts'
import { tokenRefusalOf } from './refusal.ts'
import { begun, type Job } from './send.ts'
import type { AnswerLike, SocketLike } from './types.ts'

/**
 * Resolves with the socket once it is open. WeChat shows no status of a handshake that failed, so the server is asked
 * whether it was the token; if so, its refusal is the answer.
 */
export function openSocket(core: Core, options: object): Job['transmit'] {
  return (job, header) =>
    opened(core, Object.assign({}, options, { header, complete: undefined, success() {} }), job).catch(
      (error) => {
        if (!job.carriesToken || job.error) throw error
        const { Authorization = '' } = header
        return authCall(core, 'GET', '/session', { token: Authorization.slice(7) }).then((answer) => {
          if (tokenRefusalOf(answer)) return answer
          throw error
        })
      },
    )
}

function opened({ wx }: Core, options: object, job: Job): Promise<SocketLike & AnswerLike> {
  return ask(({ success, fail }) => {
    const watch = (socket: SocketLike) => {
      begun(job, socket)
      socket.onOpen(() => success(socket))
      socket.onError(fail)
      socket.onClose(fail)
    }
    const task = Object(wx).connectSocket(Object.assign(options, { fail }))
    // Taro answers with a Promise of the task.
    if (task.then) task.then(watch, fail)
    else watch(task)
  })
}
