import { builtIn } from './core/built-in.ts'
import { anything, flag, text } from './core/property.ts'
import type { AnySelf } from './core/self.ts'

/** They show nothing themselves; the phone takes what they say for the page. */
function hand(self: AnySelf, tag: 'page-meta' | 'navigation-bar'): void {
  self.watch(() => {
    if (self.host.isConnected) self.phone.pageMeta?.(self.from(), tag, { ...self.data })
  })
}

const metaProperties = {
  backgroundTextStyle: text(),
  backgroundColor: text(),
  backgroundColorTop: text(),
  backgroundColorBottom: text(),
  rootBackgroundColor: text(),
  scrollTop: anything(),
  scrollDuration: anything(300),
  pageStyle: text(),
  rootFontSize: text(),
  pageFontSize: text(),
  pageOrientation: text(),
}

export const pageMeta = builtIn('page-meta', metaProperties, (self) =>
  hand(self as unknown as AnySelf, 'page-meta'),
)

const barProperties = {
  title: text(),
  loading: flag(),
  frontColor: text(),
  backgroundColor: text(),
  colorAnimationDuration: anything(0),
  colorAnimationTimingFunc: text('linear'),
}

export const navigationBar = builtIn('navigation-bar', barProperties, (self) =>
  hand(self as unknown as AnySelf, 'navigation-bar'),
)
