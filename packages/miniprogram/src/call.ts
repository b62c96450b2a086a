import { ask, bearer } from './ask.ts'
import type { Core } from './core.ts'
import { limited } from './limited.ts'
import { originOf } from './origin.ts'
import { failureOf } from './refusal.ts'
import { send, type Transmit } from './send.ts'
import type { Settings } from './settings.ts'
import { whyClosed } from './socket.ts'
import { merged, nothing, resolved, tell } from './tell.ts'
import type { AnswerLike, Call, CallOptions, RequestResult, TaskLike } from './types.ts'

export type Api = 'request' | 'uploadFile' | 'downloadFile' | 'connectSocket'

type Options<Result> = CallOptions<Result> & { readonly url: string; readonly method?: string }

/** One call over the network, as the user: a Promise that can be called off, and callbacks where given. */
// long: its parts share what the call has come to, the task and whether it was called off
export function call<Result>(
  core: Core,
  { base, origins }: Settings,
  api: Api,
  options: Options<Result>,
): Call<Result> {
  const {
    url: path = '',
    auth = true,
    method = 'GET',
    idempotent = api !== 'uploadFile' && /^(GET|HEAD|OPTIONS)$/i.test(method),
    timeout = 0,
    onTask = nothing,
    success,
    fail,
    complete,
  } = options
  // A path goes behind the base; whatever begins with a scheme stands alone.
  const url = /^\w+:/.test(path) ? path : base + path.replace(/^(?![/?])/, '/')
  let task: TaskLike
  let isOff: boolean | undefined
  let abort: (() => void) | undefined
  const transmit: Transmit = (token) => {
    // Nobody hears this: who called it off was told then.
    if (isOff) throw url
    const whole = merged(options, { url, header: bearer(token, options.header) })
    const answered = ask<AnswerLike>(core, api, whole, 0, (made) => {
      task = made
      onTask(task)
    })
    return api === 'connectSocket' ? answered.catch(whyClosed(core, token)) : answered
  }
  const promise = limited<unknown>(timeout, (resolve, reject) => {
    abort = () => reject('abort')
    const carriesToken = auth && origins.indexOf(originOf(url)) >= 0
    const sent = carriesToken ? send(core, transmit, idempotent) : resolved('').then(transmit)
    sent.then(resolve, reject)
  }).catch((error) => {
    isOff = true
    tell(task, 'abort')
    // Which is how a socket says it.
    tell(task, 'close')
    throw error
  }) as Promise<Result>
  if (success || fail || complete) {
    promise.then(success, fail || nothing)
    promise.then(complete, complete || nothing)
  }
  return Object.assign(promise, { abort } as { abort(): void })
}

/**
 * A request to Yaopai itself, as the user.
 * @param key what an answer of Yaopai's has, and a proxy's page has not
 * @throws YaopaiError
 */
export function ownCall<Data>(
  core: Core,
  path: string,
  key: keyof Data,
  data?: object,
  idempotent = !data,
): Promise<Data> {
  const options = { url: core.settings.server + path, method: data ? 'POST' : 'GET', data, idempotent }
  return call<RequestResult<Data>>(core, core.settings, 'request', options).then((answer) => {
    if (answer.statusCode === 200 && Object(answer.data)[key]) return answer.data
    throw failureOf(answer)
  })
}
