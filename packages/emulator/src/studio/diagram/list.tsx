import { useRef } from 'preact/hooks'
import type { Arrow, Station } from '../../lib/conversation/arrow.ts'
import { view } from '../view.ts'
import type { Words } from '../words/en.ts'
import { nameStation } from '../words/station-name.ts'
import { fill } from '../words/text.ts'
import { useWords } from '../words/use-words.ts'

/** Longer than that, a reader gets the newest. */
const MOST_ITEMS = 400

function sentence(arrow: Arrow, stations: readonly Station[], words: Words): string {
  if (arrow.part === 'note') return fill(words.diagram.note, { label: arrow.label })
  const nameOf = (id: string) => {
    const station = stations.find((candidate) => candidate.id === id)
    return station === undefined ? id : nameStation(station, words).name
  }
  const text = fill(words.diagram.item, {
    from: nameOf(arrow.from),
    to: nameOf(arrow.to),
    label: arrow.label,
  })
  const isNews = arrow.outcome !== undefined && arrow.outcome !== 'ok'
  return isNews ? `${text} (${words.outcomes[arrow.outcome ?? 'ok']})` : text
}

function step(key: string): number | undefined {
  if (key === 'ArrowDown' || key === 'ArrowRight') return 1
  if (key === 'ArrowUp' || key === 'ArrowLeft') return -1
  if (key === 'Home') return Number.NEGATIVE_INFINITY
  return key === 'End' ? Number.POSITIVE_INFINITY : undefined
}

function itemOf(list: HTMLElement, seq: number): HTMLElement | null {
  return list.querySelector<HTMLElement>(`[data-item="${seq}"]`)
}

function move(event: KeyboardEvent, arrows: readonly Arrow[], list: HTMLElement | null): void {
  const by = step(event.key)
  if (by === undefined || list === null) return
  event.preventDefault()
  const at = arrows.findIndex(({ seq }) => seq === view.get().focus)
  const target = arrows[Math.max(0, Math.min(arrows.length - 1, (at < 0 ? arrows.length : at) + by))]
  if (target !== undefined) itemOf(list, target.seq)?.focus({ preventScroll: true })
}

function leave(event: FocusEvent, list: HTMLElement | null): void {
  const isInside = event.relatedTarget instanceof Node && list?.contains(event.relatedTarget)
  if (!isInside) view.set({ focus: null })
}

export interface ListProps {
  arrows: readonly Arrow[]
  stations: readonly Station[]
  /** On which arrow the keyboard is. */
  focus: number | null
  onFocus: (seq: number) => void
  onOpen: (seq: number) => void
}

/** The same conversation as an ordered list: what screen readers read and the keyboard walks. */
export function ArrowList({ arrows, stations, focus, onFocus, onOpen }: ListProps) {
  const words = useWords()
  const list = useRef<HTMLOListElement>(null)
  const shown = arrows.slice(-MOST_ITEMS)
  const first = shown[0]?.seq ?? 1
  const current = shown.some(({ seq }) => seq === focus) ? focus : (shown.at(-1)?.seq ?? null)
  const enter = ({ target }: FocusEvent) => {
    const item = target instanceof HTMLElement ? Number(target.dataset['item']) : Number.NaN
    if (!Number.isNaN(item)) onFocus(item)
  }
  return (
    <ol
      class="unseen"
      ref={list}
      start={first}
      aria-label={words.diagram.list}
      onKeyDown={(event) => move(event, shown, list.current)}
      onFocusIn={enter}
      onFocusOut={(event) => leave(event, list.current)}
    >
      {shown.map((arrow) => (
        <li key={arrow.seq}>
          <button
            type="button"
            data-item={arrow.seq}
            tabIndex={arrow.seq === current ? 0 : -1}
            onClick={() => onOpen(arrow.seq)}
          >
            {sentence(arrow, stations, words)}
          </button>
        </li>
      ))}
    </ol>
  )
}
