import { createIntersectionObserver } from '../runtime/intersection-observer.ts'
import { createSelectorQuery } from '../runtime/selector-query.ts'
import type { Tabs } from '../runtime/tabs.ts'
import { authorizeApi } from './authorize.ts'
import { canIUseHere } from './can-i-use.ts'
import { clipboardApi } from './clipboard.ts'
import { feedbackApi } from './feedback.ts'
import { mediaApi } from './media.ts'
import { miscApi } from './misc.ts'
import { missingApi } from './missing.ts'
import { type NavigationParts, navigationApi } from './navigation.ts'
import { navigationBarApi } from './navigation-bar.ts'
import { pageScrollApi } from './page-scroll-to.ts'
import type { WxParts } from './parts.ts'
import type { PermitStore } from './permits.ts'
import { privacyApi } from './privacy.ts'
import { pullDownApi } from './pull-down.ts'
import { systemApi } from './system.ts'
import { tabBarApi } from './tab-bar.ts'

export interface PhoneWxParts {
  parts: WxParts
  navigation: NavigationParts
  tabs: Tabs
  permits: PermitStore
  isTag(name: string): boolean
}

function ownApi({ parts, navigation, tabs, permits }: PhoneWxParts): Record<string, unknown> {
  // Sockets have nowhere to go from a frame, and `phone` is no API of WeChat's.
  const { phone: _hands, connectSocket: _sockets, ...shared } = parts.base
  return {
    ...shared,
    ...navigationApi(navigation),
    ...navigationBarApi(parts),
    ...feedbackApi(parts),
    ...pageScrollApi(parts),
    ...pullDownApi(parts),
    ...tabBarApi(parts, tabs),
    ...systemApi(parts),
    ...clipboardApi(parts),
    ...mediaApi(parts),
    ...privacyApi(parts, permits),
    ...authorizeApi(parts, permits),
    ...miscApi(parts),
    createSelectorQuery: () => createSelectorQuery(parts.stack),
    createIntersectionObserver: (owner: object, options?: object) =>
      createIntersectionObserver(owner, options),
  }
}

/** The `wx` that a mini program in this window has. */
export function phoneWx(all: PhoneWxParts): Record<string, unknown> {
  const own = ownApi(all)
  const missing = missingApi(all.parts, own)
  const wx: Record<string, unknown> = { ...own, ...missing }
  const base = (schema: string) => all.parts.base.canIUse(schema)
  wx['canIUse'] = canIUseHere({ wx, missing: new Set(Object.keys(missing)), isTag: all.isTag, base })
  return wx
}
