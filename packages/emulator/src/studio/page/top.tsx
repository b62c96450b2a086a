import { clock } from '../controls/clock.ts'
import { useStore } from '../use-store.ts'
import { type Side, type Theme, view } from '../view.ts'
import { formatMoment } from '../words/format.ts'
import { useWords } from '../words/use-words.ts'
import { Icon, type IconName } from './icon.tsx'

const THEMES: readonly Theme[] = ['system', 'light', 'dark']
const THEME_ICONS: Readonly<Record<Theme, IconName>> = { system: 'system', light: 'sun', dark: 'moon' }

function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system'
}

function SideButton({ side, icon, label }: { side: Side; icon: IconName; label: string }) {
  const shown = useStore(view, (now) => now.side)
  const isOn = shown === side
  return (
    <button
      type="button"
      class="top-button top-side"
      aria-pressed={isOn}
      onClick={() => view.set({ side: isOn ? null : side, open: null })}
    >
      <Icon name={icon} /> {label}
    </button>
  )
}

function Clock() {
  const words = useWords()
  const now = useStore(clock, ({ iso }) => iso)
  if (now === '') return null
  return (
    <span class="top-clock" title={words.clock}>
      <Icon name="clock" />
      <span class="unseen">{words.clock}</span>
      <time dateTime={now}>{formatMoment(now)}</time>
    </span>
  )
}

function ThemeButton() {
  const words = useWords()
  const theme = useStore(view, (now) => now.theme)
  return (
    <button
      type="button"
      class="top-button"
      title={words.theme[theme]}
      aria-label={words.theme[theme]}
      onClick={() => view.set({ theme: nextTheme(theme) })}
    >
      <Icon name={THEME_ICONS[theme]} />
    </button>
  )
}

function LanguageButton() {
  const words = useWords()
  const language = useStore(view, (now) => now.language)
  return (
    <button
      type="button"
      class="top-button"
      lang={language === 'zh' ? 'en' : 'zh-CN'}
      aria-label={words.languageLabel}
      onClick={() => view.set({ language: language === 'zh' ? 'en' : 'zh' })}
    >
      {words.language}
    </button>
  )
}

export function Top() {
  const words = useWords()
  return (
    <header class="top">
      <span class="top-seal" aria-hidden="true">
        <span>腰</span>
        <span>牌</span>
      </span>
      <h1 class="top-title">
        {words.title} <span class="top-subtitle">{words.subtitle}</span>
      </h1>
      <Clock />
      <SideButton side="stories" icon="book" label={words.stories.title} />
      <SideButton side="controls" icon="sliders" label={words.controls.title} />
      <LanguageButton />
      <ThemeButton />
    </header>
  )
}
