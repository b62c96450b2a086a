import { ask } from './ask.ts'
import type { Core } from './core.ts'
import { read, write } from './kept.ts'
import { tell } from './quietly.ts'

const KEY = 'yaopai.device'
const GIVE_UP_MS = 1000

/** What the server is told of this phone: an id of this installation, and what the phone says of itself. */
export function deviceOf(core: Core): Record<string, string> {
  const said = Object(tell(core.wx, 'getDeviceInfo') || tell(core.wx, 'getSystemInfoSync'))
  const device: Record<string, string> = { id: installIdOf(core) }
  for (const name of ['brand', 'model', 'platform']) {
    // The server refuses control characters, and texts that are long or empty.
    const text = String(said[name] || '')
      .replace(/[^ -~\u4e00-\u9fff]/g, '')
      .slice(0, 64)
    if (text) device[name] = text
  }
  return device
}

/** It tells devices apart and proves nothing, so that a weak chance will do. */
function installIdOf(core: Core): string {
  const kept = core.installId || read(core, KEY)
  const isKept = /^\w{8,64}$/.test(String(kept))
  core.installId = isKept ? String(kept) : chance() + chance()
  if (!isKept) write(core, KEY, core.installId)
  return core.installId
}

function chance(): string {
  return Math.random().toString(36).slice(2, 12)
}

/** 128 random bits in hexadecimal; empty where the phone has no CSPRNG (base library before 2.15.0). */
export function randomHex({ wx }: Core): Promise<string> {
  const hexOf = (byte: number) => (256 + byte).toString(16).slice(1)
  return ask<{ randomValues: ArrayBuffer }>(wx, 'getRandomValues', { length: 16 }, GIVE_UP_MS).then(
    ({ randomValues }) => Array.from(new Uint8Array(randomValues), hexOf).join(''),
    () => '',
  )
}
