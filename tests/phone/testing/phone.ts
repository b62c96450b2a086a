import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Emulator, startEmulator } from '@yaopai/wechat-emulator'
import type { Page } from 'playwright-core'
import { openPage } from './chromium.ts'

/** Files of a mini program by their path; what is no text is written as JSON. */
export type ProgramFiles = Readonly<Record<string, unknown>>

export interface TestPhone {
  readonly emulator: Emulator
  /** The window that the phone fills. */
  readonly page: Page
  /** What the window reported as errors. */
  readonly failures: string[]
  /** Writes files of the mini program while it runs. */
  edit(files: ProgramFiles): Promise<void>
  /** What the mini program put into `seen`, once there are so many of them. */
  seen(count: number): Promise<unknown[]>
  /** Another phone in a window of the same browser, `user=bob&id=2`. */
  another(query: string): Promise<Page>
  [Symbol.asyncDispose](): Promise<void>
}

export interface PhoneOptions {
  /** Of the frame: `user=bob&dark=1`. */
  query?: string
  locale?: string
  emulator?: Parameters<typeof startEmulator>[0]
}

async function write(dir: string, files: ProgramFiles): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), typeof content === 'string' ? content : JSON.stringify(content))
  }
}

/**
 * What every mini program here has: `seen`, in which it notes what happens to it. A name that nobody declared belongs to
 * the window, so that it outlives the mini program and a test can read it.
 */
const APP = "if (typeof seen === 'undefined') seen = []\nApp({})\n"

function frameUrl(emulator: Emulator, query: string): string {
  return `${emulator.url}/_emulator/phone/frame?${query}`
}

/** Runs a mini program in a phone of its own. */
export async function openPhone(files: ProgramFiles, options: PhoneOptions = {}): Promise<TestPhone> {
  const dir = await mkdtemp(join(tmpdir(), 'yaopai-program-'))
  await write(dir, { 'app.js': APP, ...files })
  const emulator = await startEmulator({ demo: true, miniprogram: dir, ...options.emulator })
  const shown = { viewport: { width: 375, height: 760 }, locale: options.locale ?? 'en-US' }
  const { page, failures, close } = await openPage(frameUrl(emulator, options.query ?? 'user=alice'), shown)
  return {
    emulator,
    page,
    failures,
    edit: (changed) => write(dir, changed),
    async seen(count) {
      await page.waitForFunction((wanted) => Reflect.get(globalThis, 'seen')?.length >= wanted, count)
      return page.evaluate(() => Reflect.get(globalThis, 'seen') as unknown[])
    },
    async another(query) {
      const other = await page.context().newPage()
      await other.goto(frameUrl(emulator, query))
      return other
    },
    async [Symbol.asyncDispose]() {
      await close()
      await emulator.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** app.json of these pages, with what else it says. */
export function appJson(pages: readonly string[], rest: object = {}): object {
  const window = { navigationBarTitleText: 'Test', navigationBarTextStyle: 'black' }
  return { pages, window: { ...window, navigationBarBackgroundColor: '#ffffff' }, ...rest }
}

/** A page that notes each moment of its life in `seen`. */
export function notingPage(name: string, rest = ''): string {
  const hooks = ['onLoad', 'onShow', 'onReady', 'onHide', 'onUnload']
  const noting = hooks.map(
    (hook) => `${hook}(arg) { seen.push('${name} ${hook}' + (arg ? ' ' + JSON.stringify(arg) : '')) }`,
  )
  return `Page({ ${[...noting, rest].filter(Boolean).join(',\n')} })`
}
