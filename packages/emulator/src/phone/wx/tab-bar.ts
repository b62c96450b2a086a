import { failWith, type Outcome, twoStyles, type WxResult } from '../../lib/wx/callbacks.ts'
import type { Tab, TabBarState } from '../chrome/tab-bar.ts'
import type { Tabs } from '../runtime/tabs.ts'
import { okay, type WxParts } from './parts.ts'

type AtIndex = { index: number }
type Item = AtIndex & { text?: string; iconPath?: string; selectedIconPath?: string }
type Style = {
  color?: string
  selectedColor?: string
  backgroundColor?: string
  borderStyle?: 'black' | 'white'
}

function styleOf({ color, selectedColor, backgroundColor, borderStyle }: Style): Tabs['style'] {
  return {
    ...(color ? { colour: color } : {}),
    ...(selectedColor ? { selectedColour: selectedColor } : {}),
    ...(backgroundColor ? { background: backgroundColor } : {}),
    ...(borderStyle ? { border: borderStyle as TabBarState['border'] } : {}),
  }
}

/** Why the bar cannot be changed: it is not on the screen. */
function refusal({ stack }: WxParts, tabs: Tabs): string | undefined {
  return tabs.exists && stack.isTab(stack.top?.route.path ?? '') ? undefined : 'not TabBar page'
}

/** `wx.setTabBarItem`, `wx.setTabBarBadge`, `wx.hideTabBar` and their kin. */
export function tabBarApi(parts: WxParts, tabs: Tabs) {
  const done = (api: string): Outcome<WxResult> => {
    parts.redraw()
    return okay(api, {})
  }
  const bar = <O extends object>(api: string, change: (options: O) => void) =>
    twoStyles<WxResult, O>(parts.host, async (options) => {
      const reason = refusal(parts, tabs)
      if (reason !== undefined) return failWith(api, reason)
      change(options)
      return done(api)
    })
  const item = <O extends AtIndex>(api: string, patch: (options: O) => Partial<Tab>) =>
    twoStyles<WxResult, O>(parts.host, async (options) => {
      const tab = tabs.tabs[options.index]
      const reason = refusal(parts, tabs) ?? (tab ? undefined : 'tabbar item not found')
      if (reason !== undefined || !tab) return failWith(api, reason ?? '')
      Object.assign(tab, patch(options))
      return done(api)
    })
  return {
    hideTabBar: bar('hideTabBar', () => Object.assign(tabs, { isHidden: true })),
    showTabBar: bar('showTabBar', () => Object.assign(tabs, { isHidden: false })),
    setTabBarStyle: bar<Style>('setTabBarStyle', (options) => Object.assign(tabs.style, styleOf(options))),
    setTabBarItem: item<Item>('setTabBarItem', ({ text, iconPath, selectedIconPath }) => ({
      ...(text === undefined ? {} : { text }),
      ...(iconPath === undefined ? {} : { icon: iconPath }),
      ...(selectedIconPath === undefined ? {} : { selectedIcon: selectedIconPath }),
    })),
    setTabBarBadge: item<AtIndex & { text: string }>('setTabBarBadge', ({ text }) => {
      const badge = Array.from(String(text))
      return { badge: badge.length > 4 ? '…' : badge.join('') }
    }),
    removeTabBarBadge: item('removeTabBarBadge', () => ({ badge: '' })),
    showTabBarRedDot: item('showTabBarRedDot', () => ({ hasRedDot: true })),
    hideTabBarRedDot: item('hideTabBarRedDot', () => ({ hasRedDot: false })),
  }
}
