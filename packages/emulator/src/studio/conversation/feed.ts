import type { Arrow, Station } from '../../lib/conversation/arrow.ts'
import { beginTalkAnew, hear, talk } from './talk.ts'

const STREAM = '/_emulator/conversation/stream'
/** Arrows that come within so long are drawn together. */
const GATHER_MS = 40

interface Gathered {
  stations: Station[] | null
  arrows: Arrow[]
}

function createGatherer() {
  let gathered: Gathered = { stations: null, arrows: [] }
  let isDue = false
  const flush = () => {
    isDue = false
    const { stations, arrows } = gathered
    gathered = { stations: null, arrows: [] }
    hear(stations ?? [], arrows)
  }
  return {
    flush,
    add(change: (now: Gathered) => void) {
      change(gathered)
      if (isDue) return
      isDue = true
      setTimeout(flush, GATHER_MS)
    },
  }
}

/** Hears what the emulator records from now on, and what it remembers. The browser connects again by itself. */
export function startFeed(): void {
  const source = new EventSource(STREAM)
  const gatherer = createGatherer()
  source.onopen = () => talk.set({ link: 'live' })
  source.onerror = () => talk.set({ link: 'lost' })
  source.addEventListener('stations', (event) => {
    const stations: Station[] = JSON.parse(event.data)
    gatherer.add((now) => {
      now.stations = stations
    })
  })
  source.addEventListener('arrow', (event) => {
    const arrow: Arrow = JSON.parse(event.data)
    gatherer.add((now) => now.arrows.push(arrow))
  })
  source.addEventListener('cleared', () => {
    gatherer.flush()
    beginTalkAnew()
  })
}
