import { useWords } from '../words/use-words.ts'

export function StoriesPanel({ isHidden }: { isHidden: boolean }) {
  const words = useWords()
  return (
    <aside class="side" hidden={isHidden} aria-label={words.stories.title}>
      <h2>{words.stories.title}</h2>
    </aside>
  )
}
