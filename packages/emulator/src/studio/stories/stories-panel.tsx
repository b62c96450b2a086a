import { useWords } from '../words/use-words.ts'

export function StoriesPanel({ isHidden }: { isHidden: boolean }) {
  const words = useWords()
  return (
    <aside class="side" hidden={isHidden} aria-label={words.stories}>
      <h2>{words.stories}</h2>
    </aside>
  )
}
