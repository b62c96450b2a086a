import type { Arrow, Conversation } from '../../lib/conversation/arrow.ts'
import { type LanePlan, placeLanes, stationsShown } from './lanes.ts'
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
  lanes: LanePlan['lanes']
  laneGap: number
  /** Room for the times; 0: none are shown. */
  gutter: number
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

/** To scale a second is 500 pixels: arrows of one login can be told apart. */
const PIXELS_PER_MS = 0.5
/** Between a line's end and its label. */
const LABEL_INSET = 12
/** A label may be so wide though its lines stand closer. */
const LABEL_ROOM = 236
/** A call of one to itself. */
export const LOOP_WIDTH = 34

/** Centred between two places, and inside of the picture. */
function place(arrow: Arrow, span: { left: number; right: number }, room: number, { plan, measure }: Sheet) {
  const label = fit(segmentsOf(arrow.label), room, measure)
  const end = label.at(-1)
  const width = end === undefined ? 0 : end.x + end.width
  const centred = (span.left + span.right - width) / 2
  const labelX = Math.max(plan.gutter + 6, Math.min(centred, plan.width - width - 8))
  return { label, labelX }
}

interface Sheet {
  plan: LanePlan
  measure: Measure
}

function rowOf(arrow: Arrow, at: Placement, sheet: Sheet): Row {
  const { lanes, width, gutter } = sheet.plan
  const widest = width - gutter - 24
  if (arrow.part === 'note') {
    const label = place(arrow, { left: gutter, right: width }, widest - 60, sheet)
    return { arrow, ...at, fromX: 0, toX: 0, ...label }
  }
  const xOf = (id: string) => lanes.find(({ station }) => station.id === id)?.x ?? 0
  const [fromX, toX] = [xOf(arrow.from), xOf(arrow.to)]
  const span = { left: Math.min(fromX, toX), right: Math.max(fromX, toX) }
  const room = Math.min(widest, Math.max(LABEL_ROOM, span.right - span.left - LABEL_INSET * 2))
  return { arrow, ...at, fromX, toX, ...place(arrow, span, room, sheet) }
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
  const plan = placeLanes(stationsShown(stations, arrows), width)
  const rows = arrows.map((arrow, index) => {
    const at = placed.rows[index] ?? { y: 0, trueY: 0 }
    return rowOf(arrow, at, { plan, measure })
  })
  const { lanes, gap, gutter } = plan
  const sizes = { laneGap: gap, gutter, width: plan.width, height: placed.height }
  return { lanes, rows, breaks: placed.breaks, bars: barsOf(rows), ...sizes }
}
