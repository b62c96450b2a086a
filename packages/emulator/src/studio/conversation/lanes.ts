import type { Arrow, Station } from '../../lib/conversation/arrow.ts'

/** One who takes part, and where its line stands. */
export interface Lane {
  station: Station
  x: number
}

const ORDER: Readonly<Record<Station['kind'], number>> = {
  'mini-program': 0,
  server: 1,
  wechat: 2,
  'back-end': 3,
  operator: 4,
}

/** Room for the time, left of the first line. */
const GUTTER = 58
/** A picture that is narrower shows no times, and its lines stand closer. */
const NARROW = 520
const WIDEST_LANE_GAP = 300

interface Measures {
  gutter: number
  narrowestGap: number
}

export function measuresFor(width: number): Measures {
  return width < NARROW ? { gutter: 0, narrowestGap: 72 } : { gutter: GUTTER, narrowestGap: 92 }
}

function takesPart(station: Station, arrows: readonly Arrow[]): boolean {
  return arrows.some(
    ({ part, from, to }) =>
      (part !== 'note' && from === station.id) || (part !== 'note' && to === station.id),
  )
}

function byPlace(one: Station, other: Station): number {
  return (
    ORDER[one.kind] - ORDER[other.kind] ||
    (one.kind === 'mini-program' ? one.id.localeCompare(other.id, 'en', { numeric: true }) : 0)
  )
}

/** Those who said or heard something, in the order in which a login walks; operators have no line for their notes. */
export function stationsShown(stations: readonly Station[], arrows: readonly Arrow[]): Station[] {
  const ends = new Set(arrows.filter(({ part }) => part !== 'note').flatMap(({ from, to }) => [from, to]))
  const known = new Set(stations.map(({ id }) => id))
  const unknown = [...ends].filter((id) => !known.has(id)).map((id): Station => ({ id, kind: 'back-end' }))
  return [...stations.filter((station) => takesPart(station, arrows)), ...unknown].sort(byPlace)
}

export interface LanePlan {
  lanes: Lane[]
  /** From line to line. */
  gap: number
  gutter: number
  width: number
}

/** Spread over the width; further than it where they would stand too close. */
export function placeLanes(stations: readonly Station[], width: number): LanePlan {
  const { gutter, narrowestGap } = measuresFor(width)
  const count = Math.max(1, stations.length)
  const gap = Math.min(WIDEST_LANE_GAP, Math.max(narrowestGap, (width - gutter) / count))
  const needed = gutter + count * gap
  const left = gutter + Math.max(0, width - needed) / 2 + gap / 2
  const lanes = stations.map((station, index) => ({ station, x: left + index * gap }))
  return { lanes, gap, gutter, width: Math.max(width, needed) }
}
