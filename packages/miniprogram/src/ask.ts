import { nothing } from './quietly.ts'
import type { WxCallbacks } from './types.ts'
import { errorOfFailure } from './wx-failure.ts'

/**
 * One call of WeChat's as a Promise, in callback style since old base libraries know no other. It settles once,
 * whatever is called back and however often; what WeChat throws is a failure too.
 * @param giveUpMs after so long without a call back it has failed; without it only WeChat's own time-out counts
 * @throws YaopaiError
 */
export function ask<Result>(
  call: (callbacks: Required<WxCallbacks>) => unknown,
  giveUpMs?: number,
): Promise<Result> {
  return new Promise<unknown>((success, reject) => {
    const fail = (failure: unknown) => reject(errorOfFailure(failure))
    const timer = giveUpMs ? setTimeout(() => fail('timeout'), giveUpMs) : 0
    const settled = (end: (value: unknown) => void) => (value: unknown) => {
      clearTimeout(timer)
      end(value)
    }
    try {
      const other = Object(call({ success: settled(success), fail: settled(fail) }))
      // Taro calls back, and rejects as well.
      if (other.catch) other.catch(nothing)
    } catch (error) {
      fail(error)
    }
  }) as Promise<Result>
}
