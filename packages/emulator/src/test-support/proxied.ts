import type { Emulator, RequestOptions, RequestResult, Wx, WxOptions } from '../index.ts'
import { createProxyFetch } from '../phone/proxy-fetch.ts'
import { makeWx, type Settled, settled } from './phone.ts'

export const PHONE = { id: 'phone:1', user: 'alice', device: 'phone' }

/** A wx object whose requests go through the emulator's proxy, as those of the phone in the browser do. */
export function proxiedWx(emulator: Emulator, options: Partial<WxOptions> = {}, phone = PHONE): Wx {
  const emulatorUrl = emulator.url
  const { user } = phone
  const fetch = createProxyFetch({ phone, emulatorUrl })
  return makeWx({ emulator: undefined, emulatorUrl, fetch, user, device: phone.device, ...options })
}

export function ask(wx: Wx, options: RequestOptions): Promise<Settled<RequestResult>> {
  return settled((callbacks) => wx.request({ ...options, ...callbacks }))
}

/** Waits for what another connection is about to bring. */
export async function until(isSo: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + 20_000
  while (!isSo()) {
    if (Date.now() > deadlineMs) throw new Error('it never came')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
