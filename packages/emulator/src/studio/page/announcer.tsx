import { useEffect, useRef, useState } from 'preact/hooks'
import { talk } from '../conversation/talk.ts'
import { useStore } from '../use-store.ts'
import { fill } from '../words/text.ts'
import { useWords } from '../words/use-words.ts'

/** So long nothing must come before what came is told: a burst is told once. */
const QUIET_MS = 700

/** Tells screen readers, politely, what was said since. */
export function Announcer() {
  const { diagram } = useWords()
  const arrows = useStore(talk, (now) => now.arrows)
  const told = useRef<number | null>(null)
  const [text, setText] = useState('')
  useEffect(() => {
    const newest = arrows.at(-1)?.seq ?? 0
    if (told.current === null) told.current = newest
    const timer = setTimeout(() => {
      const fresh = arrows.filter(({ seq }) => seq > (told.current ?? 0))
      told.current = newest
      const last = fresh.at(-1)
      if (last !== undefined) setText(fill(diagram.announced, { n: fresh.length, label: last.label }))
    }, QUIET_MS)
    return () => clearTimeout(timer)
  }, [arrows])
  return (
    <div class="unseen" aria-live="polite">
      {text}
    </div>
  )
}
