import type { AssociatedBackend, CodeSpace } from 'glass-easel-miniprogram-adapter'
import type { Program } from '../../lib/miniprogram/program.ts'
import { addCustomTabBar } from './custom-tab-bar.ts'
import { callHook } from './hooks.ts'
import { dressPage, type PageEntry } from './page-entry.ts'
import { lookOf } from './page-look.ts'
import { watchScrolling } from './page-scroll.ts'
import { createPageView } from './page-view.ts'
import type { ReportError } from './problems.ts'
import { watchPulling } from './pull-refresh.ts'
import { type Route, writeRoute } from './route.ts'

/** What pages are made of. */
export interface PageParts {
  program: Program
  backend: AssociatedBackend
  space: CodeSpace
  ensure(path: string): void
  /** Where pages are drawn. */
  container: HTMLElement
  isTab(path: string): boolean
  isDark(): boolean
  report: ReportError
  /** Something about the pages changed that the bars around them show. */
  onChange(): void
  onPageView(): void
}

/** What the opener of a page hears of it. */
export type PageEvents = Record<string, (...args: unknown[]) => void>

let lastId = 0

export function createEntry(parts: PageParts, route: Route, events: PageEvents): PageEntry {
  parts.ensure(route.path)
  const view = createPageView(parts.container, route.path)
  const root = parts.backend.createRoot('page', parts.space, writeRoute(route))
  const page: object = root.get()
  const openerChannel = dressPage(page, route)
  for (const [name, listener] of Object.entries(events)) openerChannel.on(name, listener)
  const look = lookOf(parts.program, route.path, parts.isDark())
  lastId += 1
  const facts = { id: lastId, route, root, page, view, look, said: {}, openerChannel }
  const entry: PageEntry = { ...facts, isShown: false, isRefreshing: false, isGone: false, leaving: [] }
  if (parts.isTab(route.path)) entry.leaving.push(addCustomTabBar(parts, page, view))
  const host: unknown = root.getComponent().$$
  if (host instanceof HTMLElement) host.dataset['page'] = route.path
  watchScrolling(entry, parts.report)
  watchPulling(entry, parts.report)
  return entry
}

export function showPage(parts: PageParts, entry: PageEntry): void {
  if (entry.isShown) return
  entry.isShown = true
  entry.view.show()
  parts.onPageView()
  callHook(entry.page, 'onShow', [], parts.report)
  entry.root.getComponent().triggerPageLifetime('show', [])
}

export function hidePage(parts: PageParts, entry: PageEntry): void {
  if (!entry.isShown) return
  entry.isShown = false
  callHook(entry.page, 'onHide', [], parts.report)
  entry.root.getComponent().triggerPageLifetime('hide', [])
}

export function unloadPage(parts: PageParts, entry: PageEntry): void {
  entry.isShown = false
  entry.isGone = true
  callHook(entry.page, 'onUnload', [], parts.report)
  for (const leave of entry.leaving) leave()
  entry.root.release()
  entry.view.remove()
}

/** A page's first moments, in WeChat's order. */
export function startPage(parts: PageParts, entry: PageEntry): void {
  const { view, root, page, route } = entry
  view.show()
  root.attach(view.scroller as never, view.placeholder as never)
  callHook(page, 'onLoad', [{ ...route.query }], parts.report)
  showPage(parts, entry)
  requestAnimationFrame(() => {
    if (entry.isGone) return
    callHook(page, 'onReady', [], parts.report)
    root.getComponent().triggerPageLifetime('routeDone', [])
  })
}
