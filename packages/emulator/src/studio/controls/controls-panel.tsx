import { useWords } from '../words/use-words.ts'

export function ControlsPanel({ isHidden }: { isHidden: boolean }) {
  const words = useWords()
  return (
    <aside class="side" hidden={isHidden} aria-label={words.controls}>
      <h2>{words.controls}</h2>
    </aside>
  )
}
