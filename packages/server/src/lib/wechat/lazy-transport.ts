import { loadSoon } from '../load-soon.ts'
import type { WechatTransport } from './transport.ts'
import type { UndiciTransportOptions } from './undici-transport.ts'

/** The same as `createUndiciTransport`, but undici, two fifths of a server's code, is loaded after the start. */
export function createLazyTransport(
  options: UndiciTransportOptions,
): WechatTransport & { close(): Promise<void> } {
  const load = loadSoon(() => import('./undici-transport.ts'))
  let opened: (WechatTransport & { close(): Promise<void> }) | null = null
  return Object.assign(
    async (request: Parameters<WechatTransport>[0]) => {
      const { createUndiciTransport } = await load()
      opened ??= createUndiciTransport(options)
      return opened(request)
    },
    { close: async () => opened?.close() },
  )
}
