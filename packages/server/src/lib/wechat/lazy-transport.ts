import type { WechatTransport } from './transport.ts'
import type { UndiciTransportOptions } from './undici-transport.ts'

/** The same as `createUndiciTransport`, but undici, two fifths of a server's code, is loaded with the first request. */
export function createLazyTransport(
  options: UndiciTransportOptions,
): WechatTransport & { close(): Promise<void> } {
  const open = async () => {
    const { createUndiciTransport } = await import('./undici-transport.ts')
    return createUndiciTransport(options)
  }
  let opening: ReturnType<typeof open> | null = null
  return Object.assign(
    async (request: Parameters<WechatTransport>[0]) => {
      opening ??= open()
      return (await opening)(request)
    },
    { close: async () => (await opening)?.close() },
  )
}
