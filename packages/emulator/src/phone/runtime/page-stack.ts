import type { Program } from '../../lib/miniprogram/program.ts'
import type { PageEntry } from './page-entry.ts'
import {
  createEntry,
  hidePage,
  type PageEvents,
  type PageParts,
  showPage,
  startPage,
  unloadPage,
} from './page-life.ts'
import { lookOf, type PageLook } from './page-look.ts'
import type { Route } from './route.ts'

/** The pages that lie on each other, and the tabs that wait beside them. */
export interface PageStack {
  readonly entries: readonly PageEntry[]
  readonly top: PageEntry | undefined
  has(path: string): boolean
  isTab(path: string): boolean
  /** `events`: what the opener hears of the new page, from its first moment on. */
  push(route: Route, events?: PageEvents): PageEntry
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

interface Pile {
  parts: PageParts
  tabPaths: readonly string[]
  /** Tabs that were opened, by their path; also those that are not on the pile now. */
  tabs: Map<string, PageEntry>
  entries: PageEntry[]
}

/** A page that is not a tab goes for good; a tab waits. */
function leave({ parts, tabs }: Pile, entry: PageEntry): void {
  if (tabs.get(entry.route.path) === entry) {
    hidePage(parts, entry)
    entry.view.hide()
  } else {
    unloadPage(parts, entry)
  }
}

function open(pile: Pile, route: Route, events: PageEvents = {}): PageEntry {
  const { parts } = pile
  const entry = createEntry(parts, route, events)
  pile.entries = [...pile.entries, entry]
  if (pile.tabPaths.includes(route.path)) pile.tabs.set(route.path, entry)
  parts.onChange()
  startPage(parts, entry)
  parts.onChange()
  return entry
}

function clear(pile: Pile): void {
  const all = new Set([...[...pile.entries].reverse(), ...pile.tabs.values()])
  pile.tabs.clear()
  pile.entries = []
  for (const entry of all) unloadPage(pile.parts, entry)
}

function push(pile: Pile, route: Route, events: PageEvents | undefined): PageEntry {
  const below = pile.entries.at(-1)
  if (below) hidePage(pile.parts, below)
  const entry = open(pile, route, events)
  entry.view.element.classList.add('page-enter')
  // Unless the new page has gone already, from its own onLoad.
  if (pile.entries.at(-1) !== below) below?.view.hide()
  return entry
}

function pop(pile: Pile, delta: number): void {
  const kept = pile.entries.slice(0, Math.max(1, pile.entries.length - delta))
  const gone = pile.entries.slice(kept.length)
  pile.entries = kept
  for (const entry of gone.reverse()) leave(pile, entry)
  const top = kept.at(-1)
  if (top) showPage(pile.parts, top)
  pile.parts.onChange()
}

function replace(pile: Pile, route: Route): PageEntry {
  const old = pile.entries.at(-1)
  pile.entries = pile.entries.slice(0, -1)
  if (old) leave(pile, old)
  return open(pile, route)
}

function switchTab(pile: Pile, route: Route): PageEntry {
  const gone = pile.entries.filter((entry) => entry.route.path !== route.path)
  pile.entries = pile.entries.filter((entry) => entry.route.path === route.path)
  for (const entry of gone.reverse()) leave(pile, entry)
  const known = pile.tabs.get(route.path)
  if (!known) return open(pile, route)
  pile.entries = [known]
  showPage(pile.parts, known)
  pile.parts.onChange()
  return known
}

function relaunch(pile: Pile, route: Route): PageEntry {
  clear(pile)
  return open(pile, route)
}

function refreshLooks({ parts, entries, tabs }: Pile): void {
  for (const entry of new Set([...entries, ...tabs.values()])) {
    entry.look = { ...lookOf(parts.program, entry.route.path, parts.isDark()), ...entry.said }
  }
  parts.onChange()
}

export function createPageStack(parts: PageParts): PageStack {
  const { program } = parts
  const pile: Pile = { parts, tabPaths: tabPathsOf(program), tabs: new Map(), entries: [] }
  const withTop = (work: (parts: PageParts, entry: PageEntry) => void) => () => {
    const top = pile.entries.at(-1)
    if (top) work(parts, top)
  }
  return {
    get entries() {
      return pile.entries
    },
    get top() {
      return pile.entries.at(-1)
    },
    has: (path) => program.pages.includes(path),
    isTab: (path) => pile.tabPaths.includes(path),
    push: (route, events) => push(pile, route, events),
    pop: (delta) => pop(pile, delta),
    replace: (route) => replace(pile, route),
    switchTab: (route) => switchTab(pile, route),
    relaunch: (route) => relaunch(pile, route),
    hideTop: withTop(hidePage),
    showTop: withTop(showPage),
    setLook(entry, patch) {
      Object.assign(entry.said, patch)
      Object.assign(entry.look, patch)
      parts.onChange()
    },
    refreshLooks: () => refreshLooks(pile),
    end: () => clear(pile),
  }
}
