import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { after } from 'node:test'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** Debian's, or what CHROMIUM names. */
function chromiumPath(): string {
  const named = process.env['CHROMIUM']
  if (named !== undefined && named !== '') return named
  const found = spawnSync('which', ['chromium'], { encoding: 'utf8' }).stdout.trim()
  if (found === '') throw new Error('no Chromium: apt-get install chromium, or set CHROMIUM to one')
  return found
}

let browser: Promise<Browser> | undefined

// Here, and not where it is first needed: that may be within a suite or a test, whose end is not the file's.
after(async () => (await browser)?.close())

/** One Chromium for all tests of a file; it ends with them. */
export function sharedChromium(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] })
  return browser
}

/** A window with storage of its own. What its page reports as errors is thrown into the test by `failures`. */
export async function openPage(
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; failures: string[]; close(): Promise<void> }> {
  const context = await (await sharedChromium()).newContext(options)
  const page = await context.newPage()
  const failures: string[] = []
  page.on('pageerror', (error) => failures.push(error.stack ?? error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') failures.push(message.text())
  })
  await page.goto(url)
  return { page, failures, close: () => context.close() }
}
