export const DEFAULT_PORTS = { EMULATOR_PORT: 8788, PORT: 8787, INTERNAL_PORT: 8789, DEMO_PORT: 8790 }

export type PortSetting = keyof typeof DEFAULT_PORTS
export type Ports = Record<PortSetting, number>

/** A part of the demo cannot start; the message names the setting and the cure. */
export class DemoError extends Error {
  override readonly name = 'DemoError'
}

/** @throws {DemoError} when one is no port */
export function readPorts(env: Readonly<Record<string, string | undefined>>): Ports {
  const read = (name: PortSetting) => {
    const text = env[name]?.trim() || String(DEFAULT_PORTS[name])
    if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
    throw new DemoError(`${name} must be a port, 0 to 65535: set for example ${name}=${DEFAULT_PORTS[name]}`)
  }
  return {
    EMULATOR_PORT: read('EMULATOR_PORT'),
    PORT: read('PORT'),
    INTERNAL_PORT: read('INTERNAL_PORT'),
    DEMO_PORT: read('DEMO_PORT'),
  }
}

/**
 * Starts one part.
 * @throws {DemoError} naming the setting when its port is taken
 */
export async function onPort<Part>(
  setting: PortSetting,
  port: number,
  start: () => Promise<Part>,
): Promise<Part> {
  try {
    return await start()
  } catch (error) {
    if (!isTaken(error)) throw error
    const taken = settingOf(error) ?? setting
    const who = (await isReady(port)) ? 'a Yaopai that runs already' : 'another program'
    const cure = `stop it, or choose another port: ${taken}=… npm start (0 takes a free one)`
    throw new DemoError(
      `${taken}: port ${taken === setting ? port : ''} is taken by ${who}; ${cure}`.replace('  ', ' '),
    )
  }
}

function isTaken(error: unknown): boolean {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if ('code' in inner && (inner.code === 'EADDRINUSE' || inner.code === 'port_taken')) return true
  }
  return false
}

function settingOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('setting' in error)) return undefined
  return typeof error.setting === 'string' ? error.setting : undefined
}

function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(500) }).then(
    (response) => response.ok,
    () => false,
  )
}
