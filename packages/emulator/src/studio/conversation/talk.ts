import type { Arrow, Conversation, Station } from '../../lib/conversation/arrow.ts'
import { createStore } from '../store.ts'

export interface Talk extends Conversation {
  link: 'connecting' | 'live' | 'lost'
  /** Arrows up to this number were cleared away. */
  clearedUpTo: number
}

export const talk = createStore<Talk>({
  stations: [],
  arrows: [],
  dropped: 0,
  link: 'connecting',
  clearedUpTo: 0,
})

/** What a picture can take; the emulator itself remembers more or less than that. */
const MOST_ARROWS = 3000

function withStations(stations: readonly Station[], fresh: readonly Station[]): readonly Station[] {
  if (fresh.length === 0) return stations
  const byId = new Map(stations.map((station) => [station.id, station]))
  for (const station of fresh) byId.set(station.id, station)
  return [...byId.values()]
}

/** Adds what is new; what is there already, after a lost connection, is passed by. */
export function hear(stations: readonly Station[], arrows: readonly Arrow[]): void {
  talk.set((now) => {
    const last = now.arrows.at(-1)?.seq ?? 0
    const fresh = arrows.filter(({ seq }) => seq > last && seq > now.clearedUpTo)
    const all = fresh.length === 0 ? now.arrows : [...now.arrows, ...fresh].slice(-MOST_ARROWS)
    return { stations: withStations(now.stations, stations), arrows: all }
  })
}

/** What was said so far is gone, here and in the emulator. */
export async function forgetTalk(): Promise<void> {
  clearTalk()
  await fetch('/_emulator/conversation', { method: 'DELETE' }).catch(() => {}) // gone from the page all the same
}

export function clearTalk(): void {
  talk.set((now) => ({ arrows: [], dropped: 0, clearedUpTo: now.arrows.at(-1)?.seq ?? now.clearedUpTo }))
}

/** The emulator says that all so far is gone. Where it is another one, its numbers begin again. */
export function beginTalkAnew(): void {
  talk.set({ arrows: [], dropped: 0, clearedUpTo: 0 })
}
