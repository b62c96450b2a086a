import type { Core } from './core.ts'
import { type Job, send } from './send.ts'
import type { Settings } from './settings.ts'
import type { Call, YaopaiErrorLike } from './types.ts'
import { errorOfFailure } from './wx-failure.ts'

interface Callbacks<Result> {
  readonly timeout?: number
  readonly success?: (result: Result) => void
  readonly fail?: (error: YaopaiErrorLike) => void
  readonly complete?: (result: Result | YaopaiErrorLike) => void
}

/** Starts a call; the Promise can be called off, and callbacks are called as well. */
export function startCall<Result>(
  core: Core,
  settings: Settings,
  job: Job,
  { timeout = settings.timeoutMs, success, fail, complete }: Callbacks<Result>,
): Call<Result> {
  let abort: (errMsg?: string) => void
  const promise = new Promise<Result>((resolve, reject) => {
    abort = (errMsg = 'abort') => {
      clearTimeout(timer)
      job.error = errorOfFailure(errMsg)
      reject(job.error)
      if (job.task && job.task.abort) job.task.abort()
    }
    const timer = timeout ? setTimeout(() => abort('timeout'), timeout) : 0
    const end =
      <Value>(settle: (value: Value) => void) =>
      (value: Value) => {
        clearTimeout(timer)
        settle(value)
      }
    ;(send(core, job) as Promise<unknown> as Promise<Result>).then(end(resolve), end(reject))
  })
  if (success || fail || complete) promise.then(both(success, complete), both(fail, complete))
  return Object.assign(promise, { abort: () => abort() })
}

/** The first and then the second, even where the first throws. */
function both<Value>(
  one: ((value: Value) => void) | undefined,
  other: ((value: Value) => void) | undefined,
): (value: Value) => void {
  return (value) => {
    try {
      if (one) one(value)
    } finally {
      if (other) other(value)
    }
  }
}
