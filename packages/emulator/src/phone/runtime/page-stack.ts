import type { AssociatedBackend, CodeSpace } from 'glass-easel-miniprogram-adapter'
import type { Program } from '../../lib/miniprogram/program.ts'
import { callHook } from './hooks.ts'
import { dressPage, type PageEntry } from './page-entry.ts'
import { lookOf, type PageLook } from './page-look.ts'
import { watchScrolling } from './page-scroll.ts'
import { createPageView } from './page-view.ts'
import type { ReportError } from './problems.ts'
import { watchPulling } from './pull-refresh.ts'
import { type Route, writeRoute } from './route.ts'

export interface StackParts {
  program: Program
  backend: AssociatedBackend
  space: CodeSpace
  ensure(path: string): void
  /** Where pages are drawn. */
  container: HTMLElement
  isDark(): boolean
  report: ReportError
  /** Something about the pages changed that the bars around them show. */
  onChange(): void
  onPageView(): void
}

/** The pages that lie on each other, and the tabs that wait beside them. */
export interface PageStack {
  readonly entries: readonly PageEntry[]
  readonly top: PageEntry | undefined
  has(path: string): boolean
  isTab(path: string): boolean
  /** `events`: what the opener hears of the new page, from its first moment on. */
  push(route: Route, events?: Events): PageEntry
  /** Takes the top away and shows what is below; at least one page stays. */
  pop(delta: number): void
  replace(route: Route): PageEntry
  switchTab(route: Route): PageEntry
  relaunch(route: Route): PageEntry
  /** The whole mini program goes to the background or comes back. */
  hideTop(): void
  showTop(): void
  setLook(entry: PageEntry, patch: Partial<PageLook>): void
  refreshLooks(): void
  end(): void
}

export function tabPathsOf(program: Program): string[] {
  const bar: unknown = program.app['tabBar']
  const list: unknown = typeof bar === 'object' && bar !== null ? Reflect.get(bar, 'list') : undefined
  if (!Array.isArray(list)) return []
  return list.map((item: { pagePath?: unknown }) => String(item.pagePath ?? '').replace(/^\//, ''))
}

function lifeOf(parts: StackParts) {
  const { report } = parts
  const show = (entry: PageEntry) => {
    if (entry.isShown) return
    entry.isShown = true
    entry.view.show()
    parts.onPageView()
    callHook(entry.page, 'onShow', [], report)
    entry.root.getComponent().triggerPageLifetime('show', [])
  }
  const hide = (entry: PageEntry) => {
    if (!entry.isShown) return
    entry.isShown = false
    callHook(entry.page, 'onHide', [], report)
    entry.root.getComponent().triggerPageLifetime('hide', [])
  }
  const unload = (entry: PageEntry) => {
    entry.isShown = false
    callHook(entry.page, 'onUnload', [], report)
    entry.root.release()
    entry.view.remove()
  }
  return { show, hide, unload }
}

type Events = Record<string, (...args: unknown[]) => void>

let lastId = 0

function createEntry(parts: StackParts, route: Route, events: Events): PageEntry {
  const { program, report } = parts
  parts.ensure(route.path)
  const view = createPageView(parts.container, route.path)
  const root = parts.backend.createRoot('page', parts.space, writeRoute(route))
  const page: object = root.get()
  const openerChannel = dressPage(page, route)
  for (const [name, listener] of Object.entries(events)) openerChannel.on(name, listener)
  const look = lookOf(program, route.path, parts.isDark())
  lastId += 1
  const facts = { id: lastId, route, root, page, view, look, said: {}, openerChannel }
  const entry: PageEntry = { ...facts, isShown: false, isRefreshing: false }
  const host: unknown = root.getComponent().$$
  if (host instanceof HTMLElement) host.dataset['page'] = route.path
  watchScrolling(entry, report)
  watchPulling(entry, report)
  return entry
}

/** A page's first moments, in WeChat's order. */
function start(parts: StackParts, entry: PageEntry, show: (entry: PageEntry) => void): void {
  const { view, root, page, route } = entry
  view.show()
  root.attach(view.scroller as never, view.placeholder as never)
  callHook(page, 'onLoad', [{ ...route.query }], parts.report)
  show(entry)
  requestAnimationFrame(() => {
    callHook(page, 'onReady', [], parts.report)
    root.getComponent().triggerPageLifetime('routeDone', [])
  })
}

export function createPageStack(parts: StackParts): PageStack {
  const { program } = parts
  const { show, hide, unload } = lifeOf(parts)
  const tabPaths = tabPathsOf(program)
  const tabs = new Map<string, PageEntry>()
  let entries: PageEntry[] = []
  const top = () => entries.at(-1)

  /** A page that is not a tab goes for good; a tab waits. */
  const leave = (entry: PageEntry) => {
    if (tabs.get(entry.route.path) !== entry) return unload(entry)
    hide(entry)
    entry.view.hide()
  }
  const open = (route: Route, events: Events = {}): PageEntry => {
    const entry = createEntry(parts, route, events)
    entries = [...entries, entry]
    if (tabPaths.includes(route.path)) tabs.set(route.path, entry)
    parts.onChange()
    start(parts, entry, show)
    parts.onChange()
    return entry
  }
  const clear = () => {
    for (const entry of [...entries, ...tabs.values()].reverse()) if (entries.includes(entry)) unload(entry)
    for (const entry of tabs.values()) if (!entries.includes(entry)) unload(entry)
    tabs.clear()
    entries = []
  }
  return {
    get entries() {
      return entries
    },
    get top() {
      return top()
    },
    has: (path) => program.pages.includes(path),
    isTab: (path) => tabPaths.includes(path),
    push(route, events) {
      const below = top()
      if (below) hide(below)
      const entry = open(route, events)
      below?.view.hide()
      return entry
    },
    pop(delta) {
      const kept = entries.slice(0, Math.max(1, entries.length - delta))
      const gone = entries.slice(kept.length)
      entries = kept
      for (const entry of gone.reverse()) leave(entry)
      const now = top()
      if (now) show(now)
      parts.onChange()
    },
    replace(route) {
      const old = top()
      entries = entries.slice(0, -1)
      if (old) leave(old)
      return open(route)
    },
    switchTab(route) {
      const gone = entries.filter((entry) => entry.route.path !== route.path)
      entries = entries.filter((entry) => entry.route.path === route.path)
      for (const entry of [...gone].reverse()) leave(entry)
      const known = tabs.get(route.path)
      if (!known) return open(route)
      entries = [known]
      show(known)
      parts.onChange()
      return known
    },
    relaunch(route) {
      clear()
      return open(route)
    },
    hideTop() {
      const entry = top()
      if (entry) hide(entry)
    },
    showTop() {
      const entry = top()
      if (entry) show(entry)
    },
    setLook(entry, patch) {
      Object.assign(entry.said, patch)
      Object.assign(entry.look, patch)
      parts.onChange()
    },
    refreshLooks() {
      for (const entry of new Set([...entries, ...tabs.values()])) {
        entry.look = { ...lookOf(program, entry.route.path, parts.isDark()), ...entry.said }
      }
      parts.onChange()
    },
    end: clear,
  }
}
