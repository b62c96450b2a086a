import type { Lane } from '../conversation/lanes.ts'
import { nameStation } from '../words/station-name.ts'
import { useWords } from '../words/use-words.ts'

/** Who takes part, each a badge from which its line hangs. */
export function Heads({ lanes, width, gap }: { lanes: readonly Lane[]; width: number; gap: number }) {
  const words = useWords()
  return (
    <div
      class={gap < 116 ? 'heads heads-close' : 'heads'}
      style={{ width: `${width}px`, '--head': `${Math.min(124, gap - 8)}px` }}
      aria-hidden="true"
    >
      {lanes.map(({ station, x }) => {
        const { name, sub, mark } = nameStation(station, words)
        return (
          <div
            key={station.id}
            class={`head head-${station.kind}`}
            title={station.id}
            style={{ left: `${x}px` }}
          >
            <span class="head-mark">{mark}</span>
            <span class="head-name">{name}</span>
            <span class="head-sub">{sub}</span>
          </div>
        )
      })}
    </div>
  )
}
