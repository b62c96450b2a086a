import { DEMO_APP, type EmulatorState, startEmulator } from '@yaopai/wechat-emulator'
import { startYaopai } from 'yaopai'
import { start as startShop } from '../../examples/express/start.ts'
import { openDevKeys } from '../../packages/server/src/cli/dev-keys.ts'
import { SCOPES } from '../../packages/server/src/lib/load-config/schema.ts'
import { DEV_BACKEND } from '../../packages/server/src/lib/load-config/unsafe.ts'
import { onPort, type Ports } from './ports.ts'

export type Demo = {
  emulatorUrl: string
  publicUrl: string
  internalUrl: string
  shopUrl: string
  apiKey: string
  /** The last that came up is the first to go. */
  stop(): Promise<void>
}

type Setup = {
  ports: Ports
  /** Where keys and users are kept. */
  folder: string
  databaseUrl: string
  /** Ends the process: a write could not be made durable. */
  onFatal(error: Error & { readonly exitCode: number }): void
  warn(line: string): void
}

/** That there is an emulator is what the picture says in its own words. */
function isWorthALine(level: string, event: string): boolean {
  return (level === 'warn' || level === 'error') && event !== 'server.insecure_emulator'
}

/** DevTools with a test number has no code but the mock one, and the example shall work there at once. */
const DEVTOOLS_IS_ALICE: EmulatorState = { settings: { mockCodeUser: 'alice' } }

/**
 * Emulator, server and a back end behind it, in this process.
 * @throws {DemoError} when a port is taken; what had come up by then is stopped
 */
export async function startDemo({ ports, folder, databaseUrl, onFatal, warn }: Setup): Promise<Demo> {
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne()
  }
  try {
    const { masterKey, apiKey } = openDevKeys(folder)
    const emulator = await onPort('EMULATOR_PORT', ports.EMULATOR_PORT, () =>
      startEmulator({ port: ports.EMULATOR_PORT, demo: true, state: DEVTOOLS_IS_ALICE, log: warn }),
    )
    stops.push(() => emulator.close())
    const yaopai = await onPort('PORT', ports.PORT, () =>
      startYaopai({
        port: ports.PORT,
        internalPort: ports.INTERNAL_PORT,
        databaseUrl,
        masterKey,
        apps: [{ appid: DEMO_APP.appid, secret: DEMO_APP.secret, classicLogin: true }],
        backends: [{ name: DEV_BACKEND, key: apiKey, scopes: [...SCOPES] }],
        wechatApiBase: emulator.url,
        insecureEmulator: true,
        onFatal,
        log: (level, event, fields = {}) => {
          if (isWorthALine(level, event)) warn(`${level} ${event} ${JSON.stringify(fields)}`)
        },
      }),
    )
    stops.push(() => yaopai.close())
    const { publicUrl, internalUrl } = yaopai
    const shop = await onPort('DEMO_PORT', ports.DEMO_PORT, () =>
      startShop({ port: ports.DEMO_PORT, internalUrl, apiKey }),
    )
    stops.push(() => shop.stop())
    return { emulatorUrl: emulator.url, publicUrl, internalUrl, shopUrl: shop.url, apiKey, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
