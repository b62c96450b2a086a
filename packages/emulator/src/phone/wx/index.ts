import type { Wx } from '../../lib/wx/assemble-wx.ts'
import type { Tabs } from '../runtime/tabs.ts'
import { feedbackApi } from './feedback.ts'
import { type NavigationParts, navigationApi } from './navigation.ts'
import { navigationBarApi } from './navigation-bar.ts'
import { pageScrollApi } from './page-scroll-to.ts'
import type { WxParts } from './parts.ts'
import { pullDownApi } from './pull-down.ts'
import { systemApi } from './system.ts'
import { tabBarApi } from './tab-bar.ts'

/** The `wx` that a mini program in this window has. */
export function phoneWx(parts: WxParts, navigation: NavigationParts, tabs: Tabs): Record<string, unknown> {
  const { phone, ...shared } = parts.base as Wx
  return {
    ...shared,
    ...navigationApi(navigation),
    ...navigationBarApi(parts),
    ...feedbackApi(parts),
    ...pageScrollApi(parts),
    ...pullDownApi(parts),
    ...tabBarApi(parts, tabs),
    ...systemApi(parts),
    nextTick: (run: () => void) => void Promise.resolve().then(run),
  }
}
