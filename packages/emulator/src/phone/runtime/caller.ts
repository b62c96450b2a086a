import { component } from 'glass-easel-miniprogram-adapter'
import { tabBarOf } from './custom-tab-bar.ts'
import { createIntersectionObserver } from './intersection-observer.ts'
import type { PageStack } from './page-stack.ts'
import { componentOf, createSelectorQuery } from './selector-query.ts'

/** The page that a component stands on. */
function pageOf(stack: PageStack, caller: object): object | undefined {
  let at = componentOf(caller)
  for (let owner = at?.ownerShadowRoot; owner; owner = at?.ownerShadowRoot) at = owner.getHostNode()
  return stack.entries.find((entry) => entry.root.getComponent() === at)?.page
}

function pageIdOf(stack: PageStack, caller: object): string {
  const page = pageOf(stack, caller)
  return `pageId:${stack.entries.find((entry) => entry.page === page)?.id ?? 0}`
}

/** What WeChat's components and pages have on `this` and glass-easel's adapter has not, or not quite so. */
export function completeCallers(stack: () => PageStack | undefined): void {
  const { prototype } = component.ComponentCaller
  const now = () => {
    const current = stack()
    if (!current) throw new Error('no mini program is running')
    return current
  }
  Object.assign(prototype, {
    createSelectorQuery(this: object) {
      return createSelectorQuery(now(), this)
    },
    createIntersectionObserver(this: object, options?: object) {
      return createIntersectionObserver(this, options)
    },
    getPageId(this: object) {
      return pageIdOf(now(), this)
    },
    getTabBar(this: object) {
      return tabBarOf(pageOf(now(), this))
    },
    triggerEvent(this: object, name: string, detail: unknown = {}, options: object = {}) {
      componentOf(this)?.triggerEvent(name, detail, options)
    },
    clearAnimation: () => {},
    animate: () => {},
    setUpdatePerformanceListener: () => {},
  })
}
