import { ask } from './ask.ts'
import type { Core } from './core.ts'
import { read, write } from './kept.ts'
import { quietly } from './quietly.ts'

const KEY = 'yaopai.device'
const TEXT_CHARS = 64
const GIVE_UP_MS = 1000
/** What the server refuses in such texts: control characters and halves of characters. */
const UNPRINTABLE = /[^ -~\xa0-\u2027\u202a-\ud7ff\ue000-\uffff]/g

/** What the server is told of this phone: an id of this installation, and what the phone says of itself. */
export function deviceOf(core: Core): Promise<Record<string, string>> {
  const { wx, settings } = core
  const said = Object(quietly(() => (wx.getDeviceInfo || wx.getSystemInfoSync)?.call(wx)))
  const device: Record<string, string> = {}
  const add = (name: string, value: unknown) => {
    const text = String(value || '')
      .replace(UNPRINTABLE, '')
      .slice(0, TEXT_CHARS)
    if (text) device[name] = text
  }
  for (const name of ['brand', 'model', 'platform']) add(name, said[name])
  add('label', settings.deviceLabel)
  return installIdOf(core).then((id) => Object.assign(device, { id }))
}

/** 128 random bits in hexadecimal; empty where the phone has no CSPRNG (base library before 2.15.0). */
export function randomHex({ wx }: Core): Promise<string> {
  const values = ask<{ randomValues: ArrayBuffer }>(
    (callbacks) => wx.getRandomValues?.(Object.assign({ length: 16 }, callbacks)),
    GIVE_UP_MS,
  )
  const hexOf = (byte: number) => (256 + byte).toString(16).slice(1)
  return values.then(
    ({ randomValues }) => Array.from(new Uint8Array(randomValues)).map(hexOf).join(''),
    () => '',
  )
}

/** Names this installation and proves nothing, so that a weaker chance will do where there is no better one. */
function installIdOf(core: Core): Promise<string> {
  const kept = core.installId || read(core, KEY)
  if (/^\w{16,64}$/.test(String(kept))) return Promise.resolve(kept as string)
  return randomHex(core).then((hex) => {
    core.installId = hex || `${Date.now()}${Math.random()}`.replace('.', '')
    write(core, KEY, core.installId)
    return core.installId
  })
}
