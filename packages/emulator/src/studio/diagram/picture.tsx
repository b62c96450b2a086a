import type { Layout, Row } from '../conversation/layout.ts'
import type { Language } from '../view.ts'
import { formatClock, formatMs } from '../words/format.ts'
import { ArrowRow } from './row.tsx'

export interface PictureProps {
  layout: Layout
  language: Language
  /** How long a silence was, in words. */
  silence: (time: string) => string
  /** Rows outside are not drawn; absent: all are. */
  window?: { top: number; bottom: number } | undefined
  open: number | null
  focus: number | null
  onOpen: (seq: number) => void
}

function timeOf(rows: readonly Row[], index: number): string {
  const [row, before] = [rows[index], rows[index - 1]]
  if (row === undefined) return ''
  const passedMs =
    before === undefined ? Number.POSITIVE_INFINITY : row.arrow.elapsedMs - before.arrow.elapsedMs
  return passedMs > 1000 ? formatClock(row.arrow.at) : passedMs < 1 ? '' : `+${formatMs(passedMs, 'en')}`
}

function Lifelines({ layout }: { layout: Layout }) {
  return (
    <g>
      {layout.lanes.map(({ station, x }) => (
        <path key={station.id} class={`dg-life dg-life-${station.kind}`} d={`M${x} 0 V${layout.height}`} />
      ))}
    </g>
  )
}

function Breaks({ layout, language, silence }: Pick<PictureProps, 'layout' | 'language' | 'silence'>) {
  return (
    <g>
      {layout.breaks.map(({ y, lastedMs }) => (
        <g key={y} class="dg-break">
          <rect x={layout.gutter - 8} y={y - 9} width={layout.width - layout.gutter} height={18} />
          <path
            d={`M${layout.gutter + 4} ${y - 5} H${layout.width - 16} M${layout.gutter + 4} ${y + 5} H${layout.width - 16}`}
          />
          <text x={(layout.gutter + layout.width) / 2} y={y + 4}>
            {silence(formatMs(lastedMs, language))}
          </text>
        </g>
      ))}
    </g>
  )
}

type Window = NonNullable<PictureProps['window']>

const EVERYTHING: Window = { top: Number.NEGATIVE_INFINITY, bottom: Number.POSITIVE_INFINITY }

function Bars({ bars, window }: { bars: Layout['bars']; window: Window }) {
  return (
    <g>
      {bars
        .filter(({ fromY, toY }) => fromY < window.bottom && toY > window.top)
        .map(({ exchange, x, fromY, toY }) => (
          <rect key={exchange} class="dg-bar" x={x - 4} y={fromY} width={8} height={toY - fromY} rx={2} />
        ))}
    </g>
  )
}

/** The sequence diagram itself. Readers get the list beside it. */
export function Picture(props: PictureProps) {
  const { layout, window = EVERYTHING, open, focus, onOpen } = props
  const { rows, bars, width, height, gutter } = layout
  return (
    <svg class="dg" aria-hidden="true" width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <Lifelines layout={layout} />
      <Breaks {...props} />
      <Bars bars={bars} window={window} />
      {rows.map((row, index) =>
        row.y > window.top && row.y < window.bottom ? (
          <ArrowRow
            key={row.arrow.seq}
            row={row}
            width={width}
            gutter={gutter}
            time={timeOf(rows, index)}
            isOpen={row.arrow.seq === open}
            isFocused={row.arrow.seq === focus}
            onOpen={onOpen}
          />
        ) : null,
      )}
    </svg>
  )
}
