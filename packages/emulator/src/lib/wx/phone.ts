import type { Backstage } from './backstage.ts'
import { failWith, type Host, type Outcome, type WxResult } from './callbacks.ts'
import type { Limits } from './limits.ts'
import type { Orders } from './orders.ts'
import type { Timer } from './timer.ts'

export type EnvVersion = 'develop' | 'trial' | 'release'

/** What changes on a phone. */
export interface PhoneState {
  /** Five seconds in the background: the network is not to be had. */
  suspended: boolean
  offline: boolean
  /** WeChat has thrown the mini program out of memory: nothing is called back any more. */
  killed: boolean
}

/** The phone that a wx object runs on: who holds it, what it was told, what it counts. */
export interface Phone extends Host {
  readonly appid: string
  readonly who: { appid: string; user: string; device: string }
  readonly envVersion: EnvVersion
  /** Empty unless released. */
  readonly version: string
  readonly devtools: boolean
  readonly scene: number
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly baseLibrary: string
  readonly backstage: Backstage
  readonly limits: Limits
  readonly timer: Timer
  readonly fetch: typeof fetch
  readonly orders: Orders
  readonly state: PhoneState
}

function numbersOf(version: string): number[] {
  return version.split('.').map(Number)
}

/** Whether the phone's base library has what came with `version`. */
export function hasBaseLibrary(phone: Phone, version: string): boolean {
  const own = numbersOf(phone.baseLibrary)
  const needed = numbersOf(version)
  const differing = needed.findIndex((number, index) => number !== (own[index] ?? 0))
  return differing < 0 || (own[differing] ?? 0) > (needed[differing] ?? 0)
}

/** Words that an API has for a question that got no answer. */
const NO_ANSWER = 'network error'

/** What an API that asks WeChat itself comes to, with what a test ordered for it. */
export async function askWeChat<R extends WxResult>(
  phone: Phone,
  api: string,
  ask: () => Promise<Outcome<R>>,
): Promise<Outcome<R>> {
  const ordered = phone.orders.takeFailure<R>(api)
  if (ordered) return ordered
  if (phone.state.offline) return failWith(api, NO_ANSWER)
  const isLost = phone.orders.takeLoss(api)
  const outcome = await ask()
  return isLost ? failWith(api, NO_ANSWER) : outcome
}
