import { createStore } from './store.ts'

export type Language = 'zh' | 'en'
export type Theme = 'system' | 'light' | 'dark'
export type Side = 'controls' | 'stories'
/** What a narrow window shows. */
export type Tab = 'phone' | 'talk' | Side

export interface View {
  language: Language
  theme: Theme
  /** The panel at the right of a wide window; null: closed. */
  side: Side | null
  tab: Tab
  scale: 'order' | 'time'
  /** Shows what comes; else what came until it was switched off. */
  isFollowing: boolean
  /** Only this phone's arrows; null: all. */
  phone: string | null
  /** Number of the arrow whose details are open, and of the one that the keyboard is on. */
  open: number | null
  focus: number | null
  showsSecrets: boolean
}

const KEY = 'yaopai-studio'

interface Kept {
  language?: unknown
  theme?: unknown
}

function readKept(): Kept {
  try {
    return Object(JSON.parse(localStorage.getItem(KEY) ?? '{}'))
  } catch {
    return {} // a browser without storage remembers nothing
  }
}

function languageOf(kept: Kept): Language {
  if (kept.language === 'zh' || kept.language === 'en') return kept.language
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

function themeOf(kept: Kept): Theme {
  return kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : 'system'
}

function keep({ language, theme }: View): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ language, theme }))
  } catch {
    // a browser without storage remembers nothing
  }
}

function show({ language, theme, tab }: View): void {
  const root = document.documentElement
  root.lang = language === 'zh' ? 'zh-CN' : 'en'
  root.dataset['tab'] = tab
  if (theme === 'system') delete root.dataset['theme']
  else root.dataset['theme'] = theme
}

const kept = readKept()

export const view = createStore<View>({
  language: languageOf(kept),
  theme: themeOf(kept),
  side: 'controls',
  tab: 'talk',
  scale: 'order',
  isFollowing: true,
  phone: null,
  open: null,
  focus: null,
  showsSecrets: false,
})

/** Whether the page is dark now, whoever decided that. */
export function isDark(): boolean {
  const { theme } = view.get()
  return theme === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark'
}

show(view.get())
view.subscribe(() => {
  show(view.get())
  keep(view.get())
})
