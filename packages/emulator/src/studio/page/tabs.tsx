import { useStore } from '../use-store.ts'
import { type Tab, view } from '../view.ts'
import { useWords } from '../words/use-words.ts'
import { Icon, type IconName } from './icon.tsx'

const TABS: readonly { tab: Tab; icon: IconName }[] = [
  { tab: 'phone', icon: 'phone' },
  { tab: 'talk', icon: 'talk' },
  { tab: 'stories', icon: 'book' },
  { tab: 'controls', icon: 'sliders' },
]

function show(tab: Tab): void {
  view.set({ tab, open: null, ...(tab === 'stories' || tab === 'controls' ? { side: tab } : {}) })
}

/** On a narrow screen one thing is seen at a time. */
export function Tabs() {
  const words = useWords()
  const chosen = useStore(view, (now) => now.tab)
  return (
    <nav class="tabs">
      {TABS.map(({ tab, icon }) => (
        <button
          key={tab}
          type="button"
          aria-current={chosen === tab ? 'page' : undefined}
          onClick={() => show(tab)}
        >
          <Icon name={icon} />
          {tab === 'phone' || tab === 'talk' ? words[tab] : words[tab].title}
        </button>
      ))}
    </nav>
  )
}
