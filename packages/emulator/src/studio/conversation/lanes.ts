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
export const GUTTER = 58
const EDGE = 62
export const NARROWEST_LANE_GAP = 118
const WIDEST_LANE_GAP = 300

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

/** Spread over the width; further than it where they would stand too close. */
export function placeLanes(stations: readonly Station[], width: number): { lanes: Lane[]; width: number } {
  const gaps = Math.max(1, stations.length - 1)
  const room = (width - GUTTER - EDGE * 2) / gaps
  const gap = Math.min(WIDEST_LANE_GAP, Math.max(NARROWEST_LANE_GAP, room))
  const needed = GUTTER + EDGE * 2 + (stations.length - 1) * gap
  const shift = Math.max(0, width - needed) / 2
  const lanes = stations.map((station, index) => ({ station, x: GUTTER + EDGE + shift + index * gap }))
  return { lanes, width: Math.max(width, needed) }
}
