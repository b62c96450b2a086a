import { useMemo, useRef } from 'preact/hooks'
import type { Arrow } from '../../lib/conversation/arrow.ts'
import { ofPhone } from '../conversation/owner.ts'
import { talk } from '../conversation/talk.ts'
import { useStore } from '../use-store.ts'
import { view } from '../view.ts'
import { labelled } from '../words/label.ts'
import { useWords } from '../words/use-words.ts'

export interface Shown {
  arrows: readonly Arrow[]
  /** How many came while the page did not follow. */
  held: number
}

/** The arrows that the page shows now: filtered, held back while paused, notes in the reader's language. */
export function useShown(): Shown {
  const words = useWords()
  const all = useStore(talk, ({ arrows }) => arrows)
  const isFollowing = useStore(view, (now) => now.isFollowing)
  const phone = useStore(view, (now) => now.phone)
  const until = useRef(Number.POSITIVE_INFINITY)
  if (isFollowing) until.current = Number.POSITIVE_INFINITY
  else if (until.current === Number.POSITIVE_INFINITY) until.current = all.at(-1)?.seq ?? 0
  const limit = until.current
  return useMemo(() => {
    const seen = limit === Number.POSITIVE_INFINITY ? all : all.filter(({ seq }) => seq <= limit)
    const arrows = ofPhone(seen, phone).map((arrow) => labelled(arrow, words))
    return { arrows, held: all.length - seen.length }
  }, [all, limit, phone, words])
}
