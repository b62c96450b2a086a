import { ask } from './ask.ts'
import type { Core } from './core.ts'
import { keep } from './kept.ts'
import { nothing, now, tell } from './tell.ts'

const GIVE_UP_MS = 1000

/** What the server is told of this phone: an id of this installation, and what the phone says of itself. */
export function deviceOf(core: Core): object {
  // The server refuses control characters, and texts that are long or empty.
  const plain = (text: unknown) =>
    String(text || '')
      .replace(/[^ -~]/g, '')
      .slice(0, 64) || undefined
  // It tells devices apart and proves nothing, so that a weak chance will do.
  const chance = () => Math.random().toString(36).slice(2) + now()
  if (!core.kept.installId) keep(core, { installId: chance() })
  const { brand, model, platform } = Object(tell(core.wx, 'getDeviceInfo'))
  return { id: core.kept.installId, brand: plain(brand), model: plain(model), platform: plain(platform) }
}

/** 128 random bits, three digits a byte; undefined where the phone has no CSPRNG (base library before 2.15.0). */
export function randomDigits(core: Core): Promise<string | undefined> {
  return ask<{ randomValues: ArrayBuffer }>(core, 'getRandomValues', { length: 16 }, GIVE_UP_MS).then(
    ({ randomValues }) => Array.from(new Uint8Array(randomValues), (byte) => 256 + byte).join(''),
    nothing,
  )
}
