import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import type { Wx } from '@yaopai/wechat-emulator'

type Definition = { onLoad?: () => Promise<void> } & Record<string, unknown>

/**
 * Starts a mini program without its views: app.js, then the page up to the end of its `onLoad`. What it requires is
 * found as in WeChat, in its own files and in miniprogram_npm, and its globals are those of WeChat.
 * @returns the page's data
 */
export async function runMiniprogram(folder: string, wx: Wx, page: string): Promise<Record<string, unknown>> {
  const defined: Record<'app' | 'page', Definition> = { app: {}, page: {} }
  const data: Record<string, unknown> = {}
  const context = createContext({
    wx,
    setTimeout,
    clearTimeout,
    App: (app: Definition) => (defined.app = app),
    getApp: () => defined.app,
    Page: (one: Definition) => (defined.page = one),
  })
  const require = createRequire(folder, context)
  require('app')
  require(page)
  const instance = { ...defined.page, setData: (more: object) => Object.assign(data, more) }
  await instance.onLoad?.()
  return data
}

function createRequire(folder: string, context: object): (path: string) => unknown {
  const loaded = new Map<string, { exports: unknown }>()
  const require = (path: string): unknown => {
    const known = loaded.get(path)
    if (known) return known.exports
    const module = { exports: {} }
    loaded.set(path, module)
    const script = readFileSync(join(folder, `${path}.js`), 'utf8')
    const run = runInContext(`(function (module, exports, require) {${script}\n})`, context)
    run(module, module.exports, (name: string) => require(placeOf(name, path)))
    return module.exports
  }
  return require
}

function placeOf(name: string, from: string): string {
  if (name.startsWith('.')) return posix.join(posix.dirname(from), name)
  return posix.join('miniprogram_npm', name, 'index')
}
