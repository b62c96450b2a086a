import type { PageParts } from './page-life.ts'
import type { PageView } from './page-view.ts'

/** Where WeChat looks for a tab bar of the mini program's own. */
const PATH = 'custom-tab-bar/index'

/** `this.getTabBar()` of a page: the tab bar that stands on it. */
const bars = new WeakMap<object, object>()

export function tabBarOf(page: object | undefined): object | undefined {
  return page && bars.get(page)
}

function isCustom({ program }: PageParts): boolean {
  const bar: unknown = program.app['tabBar']
  return typeof bar === 'object' && bar !== null && Reflect.get(bar, 'custom') === true
}

/** Each tab has a tab bar of its own where app.json says that it is custom. Returns what takes it away. */
export function addCustomTabBar(parts: PageParts, page: object, view: PageView): () => void {
  if (!isCustom(parts) || !parts.program.components[PATH]) return () => {}
  parts.ensure(PATH)
  const root = parts.backend.createRoot('custom-tab-bar', parts.space, PATH)
  const placeholder = document.createElement('div')
  view.element.append(placeholder)
  root.attach(view.element as never, placeholder as never)
  bars.set(page, root.get())
  return () => root.release()
}
