import type { Phone } from './phone.ts'
import type { Requester } from './request.ts'

/** Network calls that are not done so long after going to the background are interrupted. */
export const BACKGROUND_GRACE_MS = 5000

export interface EnterOptions {
  path: string
  query: Record<string, string>
  scene: number
  shareTicket: string | undefined
  referrerInfo: Record<string, never>
}

function enterOptions(phone: Phone): EnterOptions {
  const { path, query, scene } = phone
  return { path, query: { ...query }, scene, shareTicket: undefined, referrerInfo: {} }
}

type ShowListener = (options: EnterOptions) => void
type HideListener = () => void

/** Foreground, background, and how the mini program was opened. */
export function appLifeApi(phone: Phone, requester: Requester) {
  const shown = new Set<ShowListener>()
  const hidden = new Set<HideListener>()
  let inBackground = false
  let cancelGrace = () => {}
  const off = <L>(listeners: Set<L>, listener?: L) => {
    if (listener === undefined) listeners.clear()
    else listeners.delete(listener)
  }
  const api = {
    getEnterOptionsSync: () => enterOptions(phone),
    getLaunchOptionsSync: () => enterOptions(phone),
    onAppShow: (listener: ShowListener) => void shown.add(listener),
    offAppShow: (listener?: ShowListener) => off(shown, listener),
    onAppHide: (listener: HideListener) => void hidden.add(listener),
    offAppHide: (listener?: HideListener) => off(hidden, listener),
  }
  const control = {
    toBackground() {
      if (inBackground) return
      inBackground = true
      cancelGrace = phone.timer(BACKGROUND_GRACE_MS, () => requester.suspend())
      for (const listener of hidden) listener()
    },
    toForeground() {
      if (!inBackground) return
      inBackground = false
      cancelGrace()
      requester.resume()
      for (const listener of shown) listener(enterOptions(phone))
    },
  }
  return { api, control }
}
