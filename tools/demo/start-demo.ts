import process from 'node:process'
import { DEMO_APP, type Emulator, type EmulatorState, startEmulator } from '@yaopai/wechat-emulator'
import { start as startShop } from '../../examples/express/start.ts'
import { type DevKeys, openDevKeys } from '../../packages/server/src/cli/dev-keys.ts'
import { createOffsetClock } from '../../packages/server/src/lib/clock.ts'
import type { Config } from '../../packages/server/src/lib/config.ts'
import { ConfigError } from '../../packages/server/src/lib/load-config/config-error.ts'
import { loadConfigOptions } from '../../packages/server/src/lib/load-config/from-options.ts'
import { SCOPES } from '../../packages/server/src/lib/load-config/schema.ts'
import { DEV_BACKEND } from '../../packages/server/src/lib/load-config/unsafe.ts'
import { createYaopaiServer, type YaopaiServer } from '../../packages/server/src/main.ts'
import { DEFAULT_PORTS, onPort, type Ports } from './ports.ts'

export type Demo = {
  emulator: Emulator
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
  /** What the phone in the browser runs. */
  miniprogram: string
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

/** All of it is in one process, which is busy with the mini program too when it starts. */
const PATIENCE_MS = 10_000

const HERE = 'http://127.0.0.1'

/** What the example's config.js says, and where that is now. */
function pairOf(told: string, url: string): string[] {
  return told === url ? [] : [`${told}=${url}`]
}

/** The way through which the shop's questions to the server are seen. */
function tapOf({ url }: Emulator): string {
  return `${url}/_emulator/tap/server`
}

/** Names to the emulator what started after it. */
function surround(
  emulator: Emulator,
  { publicUrl, internalUrl, shopUrl }: Pick<Demo, 'publicUrl' | 'internalUrl' | 'shopUrl'>,
): void {
  emulator.connect({
    devUrl: internalUrl,
    taps: { server: internalUrl },
    backends: [
      ...pairOf(`${HERE}:${DEFAULT_PORTS.PORT}`, publicUrl),
      ...pairOf(`${HERE}:${DEFAULT_PORTS.DEMO_PORT}`, shopUrl),
    ],
  })
}

/** Of the emulator's app, with the tutorial's wire. */
function configOf({ ports, databaseUrl }: Setup, keys: DevKeys, emulatorUrl: string): Config {
  const settings = {
    port: ports.PORT,
    internalPort: ports.INTERNAL_PORT,
    databaseUrl,
    masterKey: keys.masterKey,
    apps: [{ appid: DEMO_APP.appid, secret: DEMO_APP.secret, classicLogin: true }],
    backends: [{ name: DEV_BACKEND, key: keys.apiKey, scopes: [...SCOPES] }],
    wechatApiBase: emulatorUrl,
    insecureEmulator: true,
  }
  const loaded = loadConfigOptions(settings, process.cwd())
  if (!loaded.ok) throw new ConfigError(loaded.problems)
  return loaded.config
}

/** With `/_dev`, which no setting could bring. */
function startServer(setup: Setup, keys: DevKeys, emulatorUrl: string): Promise<YaopaiServer> {
  const { onFatal, warn } = setup
  return createYaopaiServer(configOf(setup, keys, emulatorUrl), {
    devClock: createOffsetClock(),
    onFatal,
    log: (level, event, fields = {}) => {
      if (isWorthALine(level, event)) warn(`${level} ${event} ${JSON.stringify(fields)}`)
    },
  })
}

/**
 * Emulator, server and a back end behind it, in this process.
 * @throws {DemoError} when a port is taken; what had come up by then is stopped
 */
export async function startDemo(setup: Setup): Promise<Demo> {
  const { ports, miniprogram, warn } = setup
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne()
  }
  try {
    const keys = openDevKeys(setup.folder)
    const emulator = await onPort('EMULATOR_PORT', ports.EMULATOR_PORT, () =>
      startEmulator({
        port: ports.EMULATOR_PORT,
        demo: true,
        state: DEVTOOLS_IS_ALICE,
        miniprogram,
        log: warn,
      }),
    )
    stops.push(() => emulator.close())
    const server = await onPort('PORT', ports.PORT, () => startServer(setup, keys, emulator.url))
    stops.push(() => server.close())
    const { publicUrl, internalUrl } = server
    const { apiKey } = keys
    const shop = await onPort('DEMO_PORT', ports.DEMO_PORT, () =>
      startShop({ port: ports.DEMO_PORT, internalUrl: tapOf(emulator), apiKey, timeoutMs: PATIENCE_MS }),
    )
    stops.push(() => shop.stop())
    surround(emulator, { publicUrl, internalUrl, shopUrl: shop.url })
    return { emulator, publicUrl, internalUrl, shopUrl: shop.url, apiKey, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
