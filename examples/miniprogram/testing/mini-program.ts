// A mini program, as WeChat loads it: app.js first, then the pages that are opened. What `Page()` is to WeChat is here
// a component of WeChat's simulator.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { compileFunction } from 'node:vm'
import { compiler, draw, hasOfficialCompiler, type Rendered, simulator } from './simulator.ts'

export const miniprogramRoot = join(import.meta.dirname, '..', 'miniprogram')

type Members = Record<string, unknown>
type Method = (this: unknown, ...args: unknown[]) => unknown

export interface MiniProgramOptions {
  readonly wx: object
  /** By name, as `require` finds them in miniprogram_npm: the file of a package, or what stands in for it. */
  readonly packages: Readonly<Record<string, unknown>>
  /** What stands in for files of the mini program, such as `config.js`. */
  readonly replaced?: Readonly<Record<string, unknown>>
}

export interface ShownPage {
  /** All that can be read on it, without white space between words. */
  text(): string
  /** How it is drawn, with what pictures and fields show. */
  html(): string
  readonly data: Readonly<Members>
  tap(selector: string, index?: number): Promise<void>
  /** An event of a built-in component, such as `submit` of a form. */
  fire(selector: string, event: string, detail: unknown, index?: number): Promise<void>
  /** How often it is there. */
  count(selector: string): number
  /** One of the page's life: `onShow`, `onReachBottom` … */
  live(name: string, ...args: unknown[]): Promise<void>
  close(): void
}

/** Lets everything that is ready to happen happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await setImmediate()
}

/** Opens the app; then its pages can be opened. */
export function launch({ wx, packages, replaced = {} }: MiniProgramOptions) {
  let app: Members = {}
  const templates = compiledTemplates()
  const scope = (define: Members) => ({ wx, getApp: () => app, ...define })
  const load = (file: string, define: Members) =>
    moduleLoader(scope(define), packages, replaced)(join(miniprogramRoot, file))

  const component = (path: string): string => {
    let options: Members = {}
    load(`${path}.js`, { Component: (own: Members) => (options = own) })
    const { options: ownOptions, ...definition } = options
    return simulator.load({
      ...definition,
      options: asMembers(ownOptions),
      template: templates(path),
      tagName: posix.basename(path),
      usingComponents: {},
    })
  }

  const page = (path: string): string => {
    let options: Members = {}
    load(`${path}.js`, { Page: (own: Members) => (options = own) })
    const { data, ...methods } = options
    const used = Object.entries(asMembers(jsonOf(`${path}.json`)['usingComponents']))
    const usingComponents = used.map(([name, at]) => [
      name,
      component(posix.join(posix.dirname(path), String(at))),
    ])
    return simulator.load({
      data: structuredClone(data),
      methods,
      template: templates(path),
      tagName: 'page',
      usingComponents: Object.fromEntries(usingComponents),
    })
  }

  load('app.js', { App: (own: Members) => (app = own) })
  call(app, 'onLaunch')
  return {
    /** As from `wx.navigateTo`: loads the page, shows it, and waits for what it does at once. */
    open: async (path: string): Promise<ShownPage> => {
      const rendered = draw(page(path))
      const shown = shownPage(rendered)
      await shown.live('onLoad', {})
      await shown.live('onShow')
      return shown
    },
  }
}

function shownPage(rendered: Rendered): ShownPage {
  const fire = async (selector: string, event: string, detail: unknown, index = 0) => {
    const found = finding(rendered, selector)[index]
    assert.ok(found, `${selector} ${index} is not in: ${textOf(rendered)}`)
    found.dispatchEvent(event, { detail, bubbles: true })
    await settle()
  }
  return {
    text: () => textOf(rendered),
    html: () => htmlOf(rendered),
    get data() {
      return rendered.data
    },
    fire,
    tap: (selector, index) => fire(selector, 'tap', {}, index),
    count: (selector) => finding(rendered, selector).length,
    live: async (name, ...args) => {
      call(rendered.instance, name, ...args)
      await settle()
    },
    close: () => {
      call(rendered.instance, 'onUnload')
      rendered.detach()
    },
  }
}

/** On the page, or within the notice that stands in its place. */
function finding(rendered: Rendered, selector: string): Rendered[] {
  const inner = rendered.querySelectorAll('#notice').flatMap((notice) => notice.querySelectorAll(selector))
  return [...rendered.querySelectorAll(selector), ...inner]
}

/** The simulator draws no pictures and no fields: they get what a browser needs to. */
function htmlOf(rendered: Rendered): string {
  const shown = (selector: string) =>
    finding(rendered, selector).map((one) =>
      Object.fromEntries(one.toJSON().attrs.map((a) => [a.name, a.value])),
    )
  const [picture] = shown('.avatar-image')
  const [field] = shown('.nickname-input')
  return rendered.dom.outerHTML
    .replace('</wx-image>', `<img src="${picture?.['src']}"></wx-image>`)
    .replace(
      '</wx-input>',
      `<input value="${field?.['value']}" placeholder="${field?.['placeholder']}"></wx-input>`,
    )
}

function textOf(rendered: Rendered): string {
  return (rendered.dom.textContent ?? '').replace(/\s+/g, ' ').trim()
}

function call(target: Members, name: string, ...args: unknown[]): unknown {
  const method = target[name]
  return typeof method === 'function' ? (method as Method).call(target, ...args) : undefined
}

/** CommonJS, as WeChat gives it to each file: `require` knows relative paths and the packages alone. */
function moduleLoader(scope: Members, packages: Members, replaced: Members) {
  const loaded = new Map<string, { exports: unknown }>()
  for (const [file, exports] of Object.entries(replaced)) loaded.set(join(miniprogramRoot, file), { exports })

  const load = (path: string): unknown => {
    const known = loaded.get(path)
    if (known) return known.exports
    const module = { exports: {} as unknown }
    loaded.set(path, module)
    const require = (name: string) => {
      if (name.startsWith('.')) return load(`${join(dirname(path), name).replace(/\.js$/, '')}.js`)
      assert.ok(name in packages, `miniprogram_npm has no ${name}`)
      const found = packages[name]
      return typeof found === 'string' ? load(found) : found
    }
    const names = ['require', 'module', 'exports', ...Object.keys(scope)]
    const run = compileFunction(readFileSync(path, 'utf8'), names, { filename: path })
    run(require, module, module.exports, ...Object.values(scope))
    return module.exports
  }
  return load
}

let compiled: ((path: string) => (data: unknown) => unknown) | undefined

/** By WeChat's own compiler where it runs: all templates at once, then each by its path. */
function compiledTemplates() {
  if (!hasOfficialCompiler)
    return (path: string) => readFileSync(join(miniprogramRoot, `${path}.wxml`), 'utf8')
  compiled ??= compileFunction(compiler.wxmlToJs(miniprogramRoot))()
  const official = compiled
  assert.ok(official)
  return (path: string) => official(`${path}.wxml`)
}

export function jsonOf(file: string): Members {
  return asMembers(JSON.parse(readFileSync(join(miniprogramRoot, file), 'utf8')))
}

export function asMembers(value: unknown): Members {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
