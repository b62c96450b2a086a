import type { Locator, Page } from 'playwright-core'

/** A wish that did not come true, with what the phone shows instead. */
export class PhoneError extends Error {
  override readonly name = 'PhoneError'
}

export interface PhoneProblem {
  file: string
  line?: number | undefined
  message: string
}

/** What a test does to a phone, and what it sees there. `see`, `tap` and `type` wait until they can, and throw a {@link PhoneError}. */
export interface Hands {
  /** Waits until this stands on the screen. */
  see(text: string | RegExp): Promise<void>
  /** Waits until this stands there no more. */
  seeNot(text: string | RegExp): Promise<void>
  /** Taps what says this: a button, else any text. Where several do, the one on top of the page that shows. */
  tap(text: string | RegExp): Promise<void>
  /** Types into the field with this label or placeholder, in place of what is there. */
  type(field: string | RegExp, text: string): Promise<void>
  /** All that stands on the screen. */
  text(): Promise<string>
  /** Path of the page on top: `pages/index/index`. */
  route(): Promise<string>
  /** What went wrong in the mini program: broken files, scripts that threw, what this phone lacks. */
  problems(): Promise<PhoneProblem[]>
  /** PNG. `path` keeps it in a file as well. */
  screenshot(path?: string): Promise<Uint8Array>
  toBackground(): Promise<void>
  toForeground(): Promise<void>
  /** Thrown out of memory and started again; `wipe`: with its storage cleared. */
  restart(options?: { wipe?: boolean }): Promise<void>
  setOffline(isOffline: boolean): Promise<void>
  /** The next call of this API does its work and loses its answer on the way back: `request`, `login` … */
  loseNextAnswer(api: string): Promise<void>
  setDark(isDark: boolean): Promise<void>
}

async function shown(page: Page): Promise<string> {
  return (await page.locator('body').innerText()).trim()
}

async function problemsOf(page: Page): Promise<PhoneProblem[]> {
  return JSON.parse(await page.evaluate<string>('JSON.stringify(window.yaopaiPhone?.problems() ?? [])'))
}

/** The wish, what the screen says, and what went wrong on the phone: what one needs to see why a test fails. */
async function explain(page: Page, wish: string, cause: unknown): Promise<PhoneError> {
  const screen = (await shown(page)).replace(/\n+/g, ' · ').slice(0, 800)
  const problems = (await problemsOf(page)).map(
    ({ file, line, message }) => `\n  ${file}${line === undefined ? '' : `:${line}`}: ${message}`,
  )
  const text = `${wish}. The screen says: ${screen || '(nothing)'}${problems.length > 0 ? `\nOn the phone:${problems.join('')}` : ''}`
  return new PhoneError(text, { cause })
}

function tappable(page: Page, text: string | RegExp): Locator {
  const visible = { visible: true }
  return page
    .getByRole('button', { name: text })
    .filter(visible)
    .or(page.getByText(text).filter(visible))
    .last()
}

function eyes(page: Page, timeoutMs: number) {
  const all = (text: string | RegExp) => page.getByText(text).filter({ visible: true })
  const wait = async (text: string | RegExp, state: 'visible' | 'hidden', wish: string) => {
    try {
      await all(text).first().waitFor({ state, timeout: timeoutMs })
    } catch (error) {
      throw await explain(page, `${wish} ${text}`, error)
    }
  }
  return {
    see: (text: string | RegExp) => wait(text, 'visible', 'waited in vain to see'),
    seeNot: (text: string | RegExp) => wait(text, 'hidden', 'waited in vain to see no more of'),
    text: () => shown(page),
    problems: () => problemsOf(page),
    screenshot: (path?: string) => page.screenshot(path === undefined ? {} : { path }),
  }
}

/** The hands on the page that shows a phone's frame. */
export function createHands(page: Page, timeoutMs: number): Hands {
  const order = async (call: string) => {
    await page.evaluate(`void window.yaopaiPhone.${call}`)
  }
  const attempt = async (wish: string, run: () => Promise<void>) => {
    await run().catch(async (error: unknown) => {
      throw await explain(page, wish, error)
    })
  }
  return {
    ...eyes(page, timeoutMs),
    tap: (text) => attempt(`could not tap ${text}`, () => tappable(page, text).click({ timeout: timeoutMs })),
    type: (field, text) =>
      attempt(`could not type into ${field}`, () =>
        page.getByLabel(field).or(page.getByPlaceholder(field)).first().fill(text, { timeout: timeoutMs }),
      ),
    route: () => page.evaluate<string>('window.yaopaiPhone.route()'),
    toBackground: () => order('toBackground()'),
    toForeground: () => order('toForeground()'),
    restart: (options = {}) => order(`restart(${JSON.stringify(options)})`),
    setOffline: (isOffline) => order(`setOffline(${isOffline})`),
    loseNextAnswer: (api) => order(`loseNextAnswer(${JSON.stringify(api)})`),
    setDark: (isDark) => order(`setDark(${isDark})`),
  }
}
