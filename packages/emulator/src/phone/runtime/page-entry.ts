import type { Root } from 'glass-easel-miniprogram-adapter'
import { createEventChannel, type EventChannel } from './event-channel.ts'
import type { PageLook } from './page-look.ts'
import type { PageView } from './page-view.ts'
import type { Route } from './route.ts'

/** A page as its script sees it: `this`. */
export type PageObject = object

/** One page on the stack. */
export interface PageEntry {
  readonly id: number
  readonly route: Route
  readonly root: Root
  readonly page: PageObject
  readonly view: PageView
  /** What the .json files say, with what `wx` set over it. */
  look: PageLook
  readonly said: Partial<PageLook>
  isShown: boolean
  isRefreshing: boolean
  /** It had its onUnload. */
  isGone: boolean
  /** What else ends with it. */
  readonly leaving: (() => void)[]
  /** The end of the page that opened this one, for `navigateTo`'s result. */
  readonly openerChannel: EventChannel
}

/** Gives a page what WeChat gives it beside its own: its route, its options, the way to who opened it. */
export function dressPage(page: PageObject, route: Route): EventChannel {
  const [opener, opened] = createEventChannel()
  Object.assign(page, {
    route: route.path,
    __route__: route.path,
    options: { ...route.query },
    getOpenerEventChannel: () => opened,
  })
  return opener
}
