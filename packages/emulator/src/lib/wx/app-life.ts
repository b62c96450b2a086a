import { createListeners } from './listeners.ts'
import type { Phone } from './phone.ts'
import type { Radio } from './radio.ts'

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

/** Foreground, background, and how the mini program was opened. */
export function appLifeApi(phone: Phone, radio: Pick<Radio, 'suspend' | 'resume'>) {
  const shown = createListeners<EnterOptions>()
  const hidden = createListeners<void>()
  let inBackground = false
  let cancelGrace = () => {}
  const api = {
    getEnterOptionsSync: () => enterOptions(phone),
    getLaunchOptionsSync: () => enterOptions(phone),
    onAppShow: shown.on,
    offAppShow: shown.off,
    onAppHide: hidden.on,
    offAppHide: hidden.off,
  }
  const control = {
    toBackground() {
      if (inBackground || phone.state.killed) return
      inBackground = true
      cancelGrace = phone.timer(BACKGROUND_GRACE_MS, () => radio.suspend())
      hidden.tell()
    },
    toForeground() {
      if (!inBackground || phone.state.killed) return
      inBackground = false
      cancelGrace()
      radio.resume()
      shown.tell(enterOptions(phone))
    },
  }
  return { api, control }
}
