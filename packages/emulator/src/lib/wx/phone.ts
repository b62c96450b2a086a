import type { Backstage } from './backstage.ts'
import type { Outcome, WxResult } from './callbacks.ts'
import type { Limits } from './limits.ts'
import type { Timer } from './timer.ts'

export type EnvVersion = 'develop' | 'trial' | 'release'

/** The phone that a wx object runs on: who holds it, what it was told, what it counts. */
export interface Phone {
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
  /** The failure that a test ordered for the next call of this API, once. */
  takeFailure<R extends WxResult>(api: string): Outcome<R> | undefined
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
