import type { Arrow, Conversation } from '../../lib/conversation/arrow.ts'
import { type Lane, placeLanes, stationsShown } from './lanes.ts'
import { type Break, type Placement, placeInOrder, placeInTime } from './placement.ts'
import { fit, type Measure, type PlacedSegment, segmentsOf } from './segments.ts'

export interface Row extends Placement {
  arrow: Arrow
  /** Both 0 of a note, which belongs to no line. */
  fromX: number
  toX: number
  label: readonly PlacedSegment[]
  labelX: number
}

/** From a call to its answer: somebody works on it. */
export interface Bar {
  exchange: number
  x: number
  fromY: number
  toY: number
}

export interface Layout {
  lanes: readonly Lane[]
  rows: readonly Row[]
  breaks: readonly Break[]
  bars: readonly Bar[]
  width: number
  height: number
}

export interface LayoutInput {
  conversation: Pick<Conversation, 'stations' | 'arrows'>
  width: number
  scale: 'order' | 'time'
  measure: Measure
}

/** A second of real time, to scale. */
const PIXELS_PER_MS = 0.16
/** Between a line's end and its label. */
const LABEL_INSET = 12
/** A call of one to itself. */
export const LOOP_WIDTH = 34

function labelOf(arrow: Arrow, fromX: number, toX: number, measure: Measure): Pick<Row, 'label' | 'labelX'> {
  const left = Math.min(fromX, toX)
  const span = fromX === toX ? LOOP_WIDTH * 3 : Math.abs(fromX - toX)
  const label = fit(segmentsOf(arrow.label), Math.max(72, span - LABEL_INSET * 2), measure)
  const end = label.at(-1)
  const width = end === undefined ? 0 : end.x + end.width
  const isLoop = fromX === toX
  return { label, labelX: isLoop ? left + LABEL_INSET : left + (span - width) / 2 }
}

function noteOf(arrow: Arrow, width: number, measure: Measure): Pick<Row, 'label' | 'labelX'> {
  const label = fit(segmentsOf(arrow.label), width - 160, measure)
  const end = label.at(-1)
  return { label, labelX: (width - (end === undefined ? 0 : end.x + end.width)) / 2 }
}

function rowOf(arrow: Arrow, at: Placement, lanes: readonly Lane[], width: number, measure: Measure): Row {
  if (arrow.part === 'note') {
    return { arrow, ...at, fromX: 0, toX: 0, ...noteOf(arrow, width, measure) }
  }
  const xOf = (id: string) => lanes.find(({ station }) => station.id === id)?.x ?? 0
  const [fromX, toX] = [xOf(arrow.from), xOf(arrow.to)]
  return { arrow, ...at, fromX, toX, ...labelOf(arrow, fromX, toX, measure) }
}

/** Where the callee works; an exchange whose answer is not here yet ends with its call. */
function barsOf(rows: readonly Row[]): Bar[] {
  const bars = new Map<number, Bar>()
  for (const { arrow, y, toX } of rows) {
    if (arrow.part === 'call')
      bars.set(arrow.exchange, { exchange: arrow.exchange, x: toX, fromY: y, toY: y })
    const bar = bars.get(arrow.exchange)
    if (arrow.part === 'answer' && bar !== undefined) bar.toY = y
  }
  return [...bars.values()].filter((bar) => bar.toY > bar.fromY)
}

/** Where everything of the diagram stands. Pure: the same conversation and width give the same picture. */
export function layOut({ conversation, width, scale, measure }: LayoutInput): Layout {
  const { stations, arrows } = conversation
  const moments = arrows.map((arrow) => arrow.elapsedMs)
  const placed = scale === 'time' ? placeInTime(moments, PIXELS_PER_MS) : placeInOrder(moments)
  const { lanes, width: wide } = placeLanes(stationsShown(stations, arrows), width)
  const rows = arrows.map((arrow, index) => {
    const at = placed.rows[index] ?? { y: 0, trueY: 0 }
    return rowOf(arrow, at, lanes, wide, measure)
  })
  return { lanes, rows, breaks: placed.breaks, bars: barsOf(rows), width: wide, height: placed.height }
}
