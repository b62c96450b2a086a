import { useEffect } from 'preact/hooks'
import { ControlsPanel } from '../controls/controls-panel.tsx'
import { DetailPanel } from '../detail/detail-panel.tsx'
import { TalkPanel } from '../diagram/talk.tsx'
import { PhonesPanel } from '../phones/phones-panel.tsx'
import { Narrator } from '../stories/narrator.tsx'
import { StoriesPanel } from '../stories/stories-panel.tsx'
import { useStore } from '../use-store.ts'
import { view } from '../view.ts'
import { useWords } from '../words/use-words.ts'
import { Announcer } from './announcer.tsx'
import { Tabs } from './tabs.tsx'
import { Top } from './top.tsx'

/** Closes the details and gives the keyboard back to the arrow they were of. */
export function closeDetail(): void {
  const { open } = view.get()
  view.set({ open: null })
  if (open !== null)
    document.querySelector<HTMLElement>(`[data-item="${open}"]`)?.focus({ preventScroll: true })
}

function useEscape(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && view.get().open !== null) closeDetail()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}

export function App() {
  const words = useWords()
  const side = useStore(view, (now) => now.side)
  const isOpen = useStore(view, (now) => now.open !== null)
  useEscape()
  return (
    <>
      <a class="skip" href="#talk">
        {words.skip}
      </a>
      <Top />
      <main class={`desk ${side !== null || isOpen ? 'has-side' : ''} ${isOpen ? 'has-detail' : ''}`}>
        <PhonesPanel />
        <div class="middle">
          <Narrator />
          <TalkPanel />
        </div>
        {isOpen && <DetailPanel onClose={closeDetail} />}
        {side === 'controls' && <ControlsPanel isHidden={isOpen} />}
        {side === 'stories' && <StoriesPanel isHidden={isOpen} />}
      </main>
      <Tabs />
      <Announcer />
    </>
  )
}
