import type { Station } from '../../lib/conversation/arrow.ts'
import type { Words } from './en.ts'
import { fill } from './text.ts'

export interface StationName {
  name: string
  /** Who or where; empty where there is nothing to say. */
  sub: string
  /** One character for its seal. */
  mark: string
}

const MARKS: Readonly<Record<Station['kind'], string>> = {
  'mini-program': '机',
  server: '牌',
  wechat: '微',
  'back-end': '业',
  operator: '令',
}

/** Of this machine the port says all. */
function placeOf(id: string): string {
  if (!/^https?:/.test(id)) return ''
  return id.replace(/^https?:\/\/(?:(?:127\.0\.0\.1|localhost)(?=:))?/, '')
}

export function nameStation(station: Station, words: Words): StationName {
  const { id, kind, user, device } = station
  // One that is no frame beside the page has no number: a test's, or curl's.
  const name = fill(words.lanes[kind], { n: /^phone:(\d+)$/.exec(id)?.[1] ?? '' }).trim()
  const mark = MARKS[kind]
  if (kind === 'mini-program') {
    return { name, mark, sub: [user, device === 'phone' ? undefined : device].filter(Boolean).join(' · ') }
  }
  return { name, mark, sub: placeOf(id) }
}
