import type { Program } from '../../lib/miniprogram/program.ts'
import type { Tab, TabBarState } from '../chrome/tab-bar.ts'
import { followsTheme } from './page-look.ts'

/** The tab bar as app.json says it and `wx` changed it. */
export interface Tabs {
  /** Where app.json has none, nothing can be changed. */
  readonly exists: boolean
  readonly tabs: Tab[]
  /** `wx.setTabBarStyle` */
  readonly style: Partial<Pick<TabBarState, 'colour' | 'selectedColour' | 'background' | 'border'>>
  isHidden: boolean
  state(path: string | undefined, isDark: boolean): TabBarState
}

type Settings = Record<string, unknown>

function settingsOf(value: unknown): Settings {
  return typeof value === 'object' && value !== null ? (value as Settings) : {}
}

function tabOf(item: unknown): Tab {
  const { pagePath = '', text = '', iconPath = '', selectedIconPath = '' } = settingsOf(item)
  return {
    path: String(pagePath).replace(/^\//, ''),
    text: String(text),
    icon: String(iconPath),
    selectedIcon: String(selectedIconPath),
    badge: '',
    hasRedDot: false,
  }
}

export function createTabs(program: Program, urlOf: (path: string) => string): Tabs {
  const bar = settingsOf(program.app['tabBar'])
  const list: unknown[] = Array.isArray(bar['list']) ? bar['list'] : []
  const tabs = list.map(tabOf)
  const style: Tabs['style'] = {}
  const isCustom = bar['custom'] === true
  const read = (value: unknown, isDark: boolean): string => {
    const text = String(value ?? '')
    const side = program.theme[isDark && followsTheme(program) ? 'dark' : 'light']
    return text.startsWith('@') ? (side[text.slice(1)] ?? '') : text
  }
  const state = (path: string | undefined, isDark: boolean): TabBarState => {
    const isNight = isDark && followsTheme(program)
    const selected = tabs.findIndex((tab) => tab.path === path)
    const say = (name: string, fallback: string) => read(bar[name], isDark) || fallback
    const pictureOf = (source: string) => {
      const path = read(source, isDark)
      return path === '' ? '' : urlOf(path.startsWith('/') || path.includes(':') ? path : `/${path}`)
    }
    return {
      isShown: selected >= 0 && !tabs_.isHidden && !isCustom,
      selected,
      colour: say('color', isNight ? '#b0b0b0' : '#5f5f5f'),
      selectedColour: say('selectedColor', isNight ? '#07c160' : '#067d40'),
      background: say('backgroundColor', isNight ? '#1e1e1e' : '#ffffff'),
      border: say('borderStyle', 'black') === 'white' ? 'white' : 'black',
      ...style,
      tabs: tabs.map((tab) => ({
        ...tab,
        icon: pictureOf(tab.icon),
        selectedIcon: pictureOf(tab.selectedIcon),
      })),
    }
  }
  const tabs_: Tabs = { exists: tabs.length > 0, tabs, style, isHidden: false, state }
  return tabs_
}
