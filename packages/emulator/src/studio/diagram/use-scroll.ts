import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Layout } from '../conversation/layout.ts'
import { ROW_HEIGHT } from '../conversation/placement.ts'

/** What is drawn beyond what is seen. */
const MARGIN = 600
/** So near to the end counts as the end. */
const NEAR_END = 60

export interface Scroll {
  window: { top: number; bottom: number }
  isAtEnd: boolean
  toEnd(): void
}

function isNearEnd(element: HTMLElement): boolean {
  return element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END
}

/** Follows the newest arrow until the reader scrolls away, and tells what has to be drawn. */
export function useScroll(
  element: RefObject<HTMLElement | null>,
  layout: Layout,
  isFollowing: boolean,
): Scroll {
  const [at, setAt] = useState({ top: 0, height: 2000, isAtEnd: true })
  const wasAtEnd = useRef(true)
  useEffect(() => {
    const { current } = element
    if (current === null) return undefined
    const look = () => {
      const { scrollTop, clientHeight } = current
      wasAtEnd.current = isNearEnd(current)
      setAt({ top: scrollTop, height: clientHeight, isAtEnd: wasAtEnd.current })
    }
    // Less room must not push the newest out of sight.
    const onResize = () => {
      if (wasAtEnd.current) current.scrollTo({ top: current.scrollHeight })
      look()
    }
    const observer = new ResizeObserver(onResize)
    observer.observe(current)
    current.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      current.removeEventListener('scroll', look)
    }
  }, [element])
  const toEnd = () => element.current?.scrollTo({ top: element.current.scrollHeight })
  useLayoutEffect(() => {
    if (isFollowing && wasAtEnd.current) toEnd()
  }, [layout.height])
  return { window: { top: at.top - MARGIN, bottom: at.top + at.height + MARGIN }, isAtEnd: at.isAtEnd, toEnd }
}

/** Scrolls just far enough to see the arrow. */
export function useReveal(element: RefObject<HTMLElement | null>, layout: Layout, seq: number | null): void {
  useEffect(() => {
    const { current } = element
    const row = layout.rows.find(({ arrow }) => arrow.seq === seq)
    if (current === null || row === undefined) return
    const head = 96
    const top = row.y - ROW_HEIGHT
    const bottom = row.y + head + ROW_HEIGHT
    if (top < current.scrollTop) current.scrollTo({ top })
    else if (bottom > current.scrollTop + current.clientHeight) {
      current.scrollTo({ top: bottom - current.clientHeight })
    }
  }, [seq])
}
