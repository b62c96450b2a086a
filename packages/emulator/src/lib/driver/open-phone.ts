import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { EmulatorError } from '../machine.ts'
import { type Emulator, type StartOptions, startEmulator } from '../start-emulator.ts'
import { type BrowserChoice, shareBrowser } from './browser.ts'
import { createHands, type Hands } from './hands.ts'

export interface OpenPhoneOptions extends BrowserChoice {
  /** One that runs a mini program, here or at an address. Default: one is started, and ends with the phone. */
  emulator?: Emulator | string | undefined
  /** For the emulator that is started: the folder of the mini program, and the rest of what {@link startEmulator} takes. */
  miniprogram?: string | undefined
  start?: Omit<StartOptions, 'miniprogram'> | undefined
  /** Who holds it. Default `alice`; an unknown user is made. */
  user?: string | undefined
  /** Which of theirs it is: each has a storage of its own. Default `phone`. */
  device?: string | undefined
  isDark?: boolean | undefined
  /** Default 375 × 812. */
  size?: { width: number; height: number } | undefined
  /** How long `see`, `tap` and `type` wait. Default 10. To start has a minute of its own. */
  timeoutSeconds?: number | undefined
}

/** A phone in a real browser, with the hands of a test on it. */
export interface PhoneInTest extends Hands {
  /** Playwright's page of the phone, for what the hands cannot do. */
  readonly page: Page
  /** The emulator that was started for it, or the one that was handed in; null where only its address was. */
  readonly emulator: Emulator | null
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

interface Host {
  url: string
  emulator: Emulator | null
  close(): Promise<void>
}

const stays = async () => {}

async function hostOf({ emulator, miniprogram, start }: OpenPhoneOptions): Promise<Host> {
  if (typeof emulator === 'string') return { url: emulator, emulator: null, close: stays }
  if (emulator !== undefined) return { url: emulator.url, emulator, close: stays }
  if (miniprogram === undefined) {
    const cure = 'give miniprogram (a folder with app.json), or an emulator that runs one'
    throw new EmulatorError('no_mini_program', 'openPhone knows no mini program', cure)
  }
  if (!existsSync(miniprogram)) {
    const cure = 'give the folder of app.json, from where the test runs or from the root'
    throw new EmulatorError('no_mini_program', `there is no ${resolve(miniprogram)}`, cure)
  }
  const started = await startEmulator({ demo: true, ...start, miniprogram: resolve(miniprogram) })
  return { url: started.url, emulator: started, close: () => started.close() }
}

let phones = 0

function frameUrl(url: string, options: OpenPhoneOptions): URL {
  phones += 1
  const { user = 'alice', device = 'phone', isDark } = options
  const frame = new URL('/_emulator/phone/frame', url)
  frame.search = new URLSearchParams({
    user,
    device,
    id: String(phones),
    ...(isDark && { dark: '1' }),
  }).toString()
  return frame
}

const START_WITHIN_MS = 60_000

async function showFrame(context: BrowserContext, url: URL): Promise<Page> {
  context.setDefaultTimeout(START_WITHIN_MS)
  const page = await context.newPage()
  await page.goto(url.href)
  // The frame says that it is there once the mini program has been read, however that went.
  await page.waitForFunction('window.yaopaiPhone !== undefined')
  return page
}

/**
 * A phone in one line: `await using phone = await openPhone({ miniprogram: 'miniprogram' })`. It runs the mini program in a
 * real Chromium as the phone at the emulator's address does. Needs `playwright-core` and a Chromium or Chrome.
 *
 * @throws {EmulatorError} `no_mini_program`, `no_playwright`, `no_browser`, and what {@link startEmulator} throws
 */
export async function openPhone(options: OpenPhoneOptions): Promise<PhoneInTest> {
  const host = await hostOf(options)
  const timeoutMs = (options.timeoutSeconds ?? 10) * 1000
  const leaves = [() => host.close()]
  const close = async () => {
    for (const leave of leaves.splice(0).reverse()) await leave()
  }
  try {
    const { browser, leave } = await shareBrowser(options)
    leaves.push(leave)
    const context = await browser.newContext({
      viewport: options.size ?? { width: 375, height: 812 },
      colorScheme: options.isDark ? 'dark' : 'light',
    })
    leaves.push(() => context.close())
    const page = await showFrame(context, frameUrl(host.url, options))
    const hands = createHands(page, timeoutMs)
    return { ...hands, page, emulator: host.emulator, close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}
