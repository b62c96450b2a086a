import type { Row } from '../conversation/layout.ts'
import { ROW_HEIGHT } from '../conversation/placement.ts'
import { Label } from './label.tsx'
import { Line } from './line.tsx'

export interface RowProps {
  row: Row
  width: number
  gutter: number
  time: string
  isOpen: boolean
  isFocused: boolean
  onOpen: (seq: number) => void
}

/** A note of the operator's goes across all lines, like a seal on a sheet. */
function Note({ row, width, gutter }: Pick<RowProps, 'row' | 'width' | 'gutter'>) {
  const last = row.label.at(-1)
  const textWidth = last === undefined ? 0 : last.x + last.width
  const left = row.labelX - 30
  const right = row.labelX + textWidth + 12
  return (
    <>
      <path
        class="dg-rule"
        d={`M${gutter + 4} ${row.y - 5} H${left - 8} M${right + 8} ${row.y - 5} H${width - 16}`}
      />
      <rect class="dg-slip" x={left} y={row.y - 17} width={right - left} height={24} rx={12} />
      <rect class="dg-seal" x={left + 5} y={row.y - 13} width={16} height={16} rx={3} />
      <text class="dg-seal-mark" x={left + 13} y={row.y - 1.2}>
        令
      </text>
      <Label label={row.label} x={row.labelX} y={row.y - 1} />
    </>
  )
}

/** Where its moment is, when the line had to stand lower. */
function Lead({ row, gutter }: { row: Row; gutter: number }) {
  if (gutter === 0 || row.y - row.trueY < 3) return null
  const x = gutter
  return <path class="dg-lead" d={`M${x - 6} ${row.trueY} H${x - 3} L${x + 3} ${row.y} H${x + 7}`} />
}

export function ArrowRow({ row, width, gutter, time, isOpen, isFocused, onOpen }: RowProps) {
  const { arrow } = row
  const state = [
    'dg-row',
    `dg-${arrow.part}`,
    arrow.outcome === undefined ? '' : `dg-${arrow.outcome}`,
    isOpen ? 'is-open' : '',
    isFocused ? 'is-focused' : '',
  ]
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the picture is hidden from readers; the list beside it has a button for each arrow
    <g class={state.join(' ')} data-seq={arrow.seq} onClick={() => onOpen(arrow.seq)}>
      <rect class="dg-band" x={4} y={row.y - 25} width={width - 8} height={ROW_HEIGHT - 3} rx={7} />
      {time !== '' && gutter > 0 && (
        <text class="dg-time" x={gutter - 12} y={row.y + 3.5}>
          {time}
        </text>
      )}
      <Lead row={row} gutter={gutter} />
      {arrow.part === 'note' ? (
        <Note row={row} width={width} gutter={gutter} />
      ) : (
        <>
          <Line {...row} />
          <Label label={row.label} x={row.labelX} y={row.y - 8} />
        </>
      )}
    </g>
  )
}
