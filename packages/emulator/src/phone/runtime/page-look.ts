import type { Program } from '../../lib/miniprogram/program.ts'

/** How the phone dresses a page: what app.json's `window` and the page's own .json say, and `wx` after them. */
export interface PageLook {
  title: string
  navBackground: string
  navText: 'black' | 'white'
  hasCustomBar: boolean
  /** Behind the page. */
  background: string
  pullText: 'dark' | 'light'
  canPull: boolean
  reachBottomPx: number
  cannotScroll: boolean
  /** `wx.showNavigationBarLoading` */
  isLoading: boolean
  /** `wx.hideHomeButton` */
  hidesHome: boolean
}

type Settings = Record<string, unknown>

function themed(settings: Settings, variables: Readonly<Record<string, string>>): Settings {
  const entries = Object.entries(settings).map(([name, value]) => {
    const variable =
      typeof value === 'string' && value.startsWith('@') ? variables[value.slice(1)] : undefined
    return [name, variable ?? value]
  })
  return Object.fromEntries(entries)
}

/** Whether the mini program wants to be dark when the phone is. */
export function followsTheme(program: Program): boolean {
  return program.app['darkmode'] === true
}

function colourOf(value: unknown, fallback: string): string {
  return typeof value === 'string' && CSS.supports('color', value) ? value : fallback
}

function settingsOf(value: unknown): Settings {
  return typeof value === 'object' && value !== null ? (value as Settings) : {}
}

/** `app.json`'s window with the page's own on top, theme variables resolved. */
export function windowSettings(program: Program, path: string, isDark: boolean): Settings {
  const variables = program.theme[isDark && followsTheme(program) ? 'dark' : 'light']
  const own = settingsOf(program.components[path]?.json)
  return themed({ ...settingsOf(program.app['window']), ...own }, variables)
}

export function lookOf(program: Program, path: string, isDark: boolean): PageLook {
  const settings = windowSettings(program, path, isDark)
  const isNight = isDark && followsTheme(program)
  return {
    title: String(settings['navigationBarTitleText'] ?? ''),
    navBackground: colourOf(settings['navigationBarBackgroundColor'], isNight ? '#191919' : '#000000'),
    navText: settings['navigationBarTextStyle'] === 'black' ? 'black' : 'white',
    hasCustomBar: settings['navigationStyle'] === 'custom',
    background: colourOf(settings['backgroundColor'], isNight ? '#191919' : '#ffffff'),
    pullText: settings['backgroundTextStyle'] === 'light' ? 'light' : 'dark',
    canPull: settings['enablePullDownRefresh'] === true,
    reachBottomPx: Number(settings['onReachBottomDistance'] ?? 50),
    cannotScroll: settings['disableScroll'] === true,
    isLoading: false,
    hidesHome: settings['homeButton'] === false,
  }
}
