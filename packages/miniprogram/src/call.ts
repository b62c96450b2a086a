import { after } from './ask.ts'
import type { Core } from './core.ts'
import { addressOf, originOf } from './origin.ts'
import { nothing } from './quietly.ts'
import { failureOf } from './refusal.ts'
import { type Api, type Job, send } from './send.ts'
import type { Settings } from './settings.ts'
import type { Call, CallOptions, RequestResult } from './types.ts'
import { errorOfFailure } from './wx-failure.ts'

type Options<Result> = CallOptions<Result> & { readonly url: string; readonly method?: string }

/** One call over the network, as the user: a Promise that can be called off, and callbacks where given. */
export function call<Result>(
  core: Core,
  { baseUrl, origins }: Settings,
  api: Api,
  options: Options<Result>,
): Call<Result> {
  const url = addressOf(baseUrl, options.url)
  const { auth = true, method = api === 'uploadFile' ? 'POST' : 'GET', timeout } = options
  const { idempotent = /^(GET|HEAD|OPTIONS)$/i.test(method), success, fail, complete } = options
  const job: Job = {
    api,
    options: Object.assign({}, options, { url }),
    carriesToken: auth && origins.indexOf(originOf(url)) >= 0,
    isIdempotent: idempotent,
  }
  let abort: (errMsg: string) => void
  const promise = new Promise<Result>((resolve, reject) => {
    abort = (errMsg) => {
      job.error = errorOfFailure({ errMsg })
      reject(job.error)
      if (job.task && job.task.abort) job.task.abort()
    }
    const stop = timeout ? after(timeout, () => abort('timeout')) : nothing
    const sent = send(core, job) as Promise<unknown>
    sent.then((answer) => resolve(answer as Result), reject).then(stop)
  })
  if (success || fail || complete) promise.then(both(success, complete), both(fail, complete))
  return Object.assign(promise, { abort: () => abort('abort') })
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
  const { settings } = core
  const options = { url: settings.authUrl + path, method: data ? 'POST' : 'GET', data, idempotent }
  return call<RequestResult<Data>>(core, settings, 'request', options).then((answer) => {
    if (answer.statusCode === 200 && Object(answer.data)[key]) return answer.data
    throw failureOf(answer)
  })
}

/** The first and then the second, even where the first throws. */
function both<Value>(one = nothing as (value: Value) => void, other = nothing as (value: Value) => void) {
  return (value: Value) => {
    try {
      one(value)
    } finally {
      other(value)
    }
  }
}
