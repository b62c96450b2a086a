import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import type { Browser } from 'playwright-core'
import { EmulatorError } from '../machine.ts'

export interface BrowserChoice {
  /** Default: what `CHROMIUM` names, then Chromium or Chrome on the PATH, then an installed Chrome. */
  executablePath?: string | undefined
  /** Default true; false shows the window. */
  isHeadless?: boolean | undefined
}

/** A browser that several phones share; the last one to leave closes it. */
export interface SharedBrowser {
  browser: Browser
  leave(): Promise<void>
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

function onPath(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter)
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file))
}

async function importPlaywright(): Promise<typeof import('playwright-core')> {
  try {
    return await import('playwright-core')
  } catch (error) {
    const cure = 'npm install --save-dev playwright-core (it brings no browser of its own)'
    throw Object.assign(new EmulatorError('no_playwright', 'playwright-core is not installed', cure), {
      cause: error,
    })
  }
}

/** Root has no sandbox to put a page into, and in containers everyone is root. */
function sandboxArgs(): string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : []
}

async function launch({ executablePath, isHeadless = true }: BrowserChoice): Promise<Browser> {
  const { chromium } = await importPlaywright()
  const found = executablePath ?? (process.env['CHROMIUM'] || onPath(process.env))
  const where = found === undefined ? { channel: 'chrome' } : { executablePath: found }
  try {
    return await chromium.launch({ ...where, headless: isHeadless, args: sandboxArgs() })
  } catch (error) {
    const reason = found === undefined ? 'no Chromium was found' : `${found} does not start`
    const cure = 'install Chromium or Chrome, or name one in CHROMIUM or executablePath'
    throw Object.assign(new EmulatorError('no_browser', reason, cure), { cause: error })
  }
}

interface Kept {
  browser: Promise<Browser>
  guests: number
}

const kept = new Map<string, Kept>()

/**
 * The browser of this choice, started if it is not there.
 *
 * @throws {EmulatorError} `no_playwright`, `no_browser`
 */
export async function shareBrowser(choice: BrowserChoice): Promise<SharedBrowser> {
  const key = JSON.stringify([choice.executablePath, choice.isHeadless])
  const one = kept.get(key) ?? { browser: launch(choice), guests: 0 }
  kept.set(key, one)
  one.guests += 1
  const leave = async () => {
    one.guests -= 1
    if (one.guests > 0) return
    kept.delete(key)
    await (await one.browser).close()
  }
  try {
    return { browser: await one.browser, leave }
  } catch (error) {
    kept.delete(key)
    throw error
  }
}
