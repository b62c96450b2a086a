import { nothing } from './quietly.ts'
import type { WxLike } from './types.ts'
import { errorOfFailure } from './wx-failure.ts'

declare function setTimeout(run: () => void, ms: number): unknown
declare function clearTimeout(timer: unknown): void

/**
 * One call of WeChat's as a Promise, in callback style since old base libraries know no other. It settles once,
 * whatever is called back and however often; what WeChat throws, or has not got, is a failure too.
 * @param giveUpMs after so long without a call back it has failed; without it only WeChat's own time-out counts
 * @throws YaopaiError
 */
export function ask<Result>(
  wx: WxLike,
  api: keyof WxLike,
  options: object,
  giveUpMs?: number,
  onTask: (task: object) => void = nothing,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const fail = (failure: unknown) => {
      stop()
      reject(errorOfFailure(failure))
    }
    const success = (result: Result) => {
      stop()
      resolve(result)
    }
    const stop = giveUpMs ? after(giveUpMs, () => fail('timeout')) : nothing
    try {
      const task = Object(Object(wx)[api](Object.assign({}, options, { success, fail, complete: nothing })))
      // Taro calls back, and rejects as well.
      if (task.catch) task.catch(nothing)
      onTask(task)
    } catch (error) {
      fail(error)
    }
  })
}

/** @returns what takes it back */
export function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}
