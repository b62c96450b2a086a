import { DEMO_APP, type Emulator, startEmulator } from '@yaopai/wechat-emulator'
import { createMemoryStore, newApiKey, newMasterKey, startYaopai } from 'yaopai'
import { start as startShop } from '../../../examples/express/start.ts'
import { freePort } from '../../free-port.ts'
import { buildBrowser } from '../../package/build-browser.ts'
import type { Build } from '../build.ts'

export interface World {
  readonly emulator: Emulator
  stop(): Promise<void>
}

/** Server, demo back end, a mini program that was built to call them, and the emulator with it on its phones. */
export async function startWorld(build: Build): Promise<World> {
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne()
  }
  try {
    return { emulator: await startAll(build, stops), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startAll(build: Build, stops: (() => Promise<void>)[]): Promise<Emulator> {
  buildBrowser({ hasMaps: true })
  const emulatorPort = await freePort()
  const apiKey = newApiKey()
  const yaopai = await startYaopai({
    apps: [{ appid: DEMO_APP.appid, secret: DEMO_APP.secret }],
    backends: [{ name: 'shop', key: apiKey, scopes: ['introspect'] }],
    masterKey: newMasterKey('k1'),
    store: createMemoryStore(),
    wechatApiBase: `http://127.0.0.1:${emulatorPort}`,
    insecureEmulator: true,
    port: 0,
    internalPort: 0,
  })
  stops.push(() => yaopai.close())
  const shop = await startShop({ port: 0, internalUrl: yaopai.internalUrl, apiKey })
  stops.push(() => shop.stop())
  const miniprogram = build({ shopUrl: shop.url, yaopaiUrl: yaopai.publicUrl })
  const emulator = await startEmulator({ demo: true, port: emulatorPort, miniprogram })
  stops.push(() => emulator.close())
  return emulator
}
