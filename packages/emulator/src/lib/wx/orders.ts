import type { Outcome, WxResult } from './callbacks.ts'

/** What a test ordered to happen to coming calls; each order is served once, the oldest first. */
export interface Orders {
  /** The next call of this API fails so, and does nothing. */
  failNext(api: string, errMsg: string, errno?: number): void
  /** The next call of this API does all its work, but its answer never reaches the phone. */
  loseNextAnswer(api: string): void
  takeFailure<R extends WxResult>(api: string): Outcome<R> | undefined
  takeLoss(api: string): boolean
}

interface OrderedFailure {
  api: string
  errMsg: string
  errno: number | undefined
}

function takeFirst<T extends { api: string }>(list: T[], api: string): T | undefined {
  const index = list.findIndex((one) => one.api === api)
  return index < 0 ? undefined : list.splice(index, 1)[0]
}

export function createOrders(): Orders {
  const failures: OrderedFailure[] = []
  const losses: { api: string }[] = []
  return {
    failNext: (api, errMsg, errno) => void failures.push({ api, errMsg, errno }),
    loseNextAnswer: (api) => void losses.push({ api }),
    takeFailure(api) {
      const next = takeFirst(failures, api)
      if (!next) return undefined
      const { errMsg, errno } = next
      return { ok: false, failure: errno === undefined ? { errMsg } : { errMsg, errno } }
    },
    takeLoss: (api) => takeFirst(losses, api) !== undefined,
  }
}
