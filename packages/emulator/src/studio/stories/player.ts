import type { Arrow } from '../../lib/conversation/arrow.ts'
import { createStore, type Store } from '../store.ts'
import type { Stage, Step, Story } from './story.ts'
import { describeWanted, findAll, type Wanted } from './wanted.ts'

export interface Playing {
  story: Story | null
  /** Of the step that is shown. */
  index: number
  /** `acting`: it does something or waits for arrows; `reading`: it leaves time to read. */
  phase: 'idle' | 'acting' | 'reading' | 'done' | 'failed'
  isPaused: boolean
  /** What was awaited in vain, or went wrong. */
  failure: string
  /** The arrows that the steps so far waited for. */
  heard: readonly Arrow[]
}

export interface PlayerOptions {
  stage: Stage
  /** All arrows so far, and who is told when there are more. */
  arrows(): readonly Arrow[]
  onArrows(listener: () => void): () => void
  /** How long a text is left to be read. */
  readingMs(step: Step): number
  /** After so long nothing more is expected. */
  patienceMs: number
  setTimer(run: () => void, ms: number): () => void
}

export interface Player {
  readonly playing: Store<Playing>
  start(story: Story): Promise<void>
  /** Does not wait for the reader any longer; paused, it goes one step on. */
  next(): void
  setPaused(isPaused: boolean): void
  stop(): void
}

const IDLE: Playing = { story: null, index: 0, phase: 'idle', isPaused: false, failure: '', heard: [] }

class Stopped extends Error {}

function lastSeq(arrows: readonly Arrow[]): number {
  return arrows.at(-1)?.seq ?? 0
}

/** Plays stories, one at a time. Steps go on when what they wait for was said, never by a clock. */
export function createPlayer(options: PlayerOptions): Player {
  const { stage, arrows, onArrows, readingMs, patienceMs, setTimer } = options
  const playing = createStore<Playing>(IDLE)
  let run = { isStopped: true }
  let skip: () => void = () => {}

  const patiently = <T>(work: Promise<T>, what: () => string): Promise<T> =>
    new Promise((resolve, reject) => {
      const stopTimer = setTimer(() => reject(new Error(what())), patienceMs)
      work.then(resolve, reject).finally(stopTimer)
    })

  const heardAll = (wanted: readonly Wanted[], since: number, mine: typeof run): Promise<Arrow[]> => {
    const missing = () => findAll(wanted, arrows(), since).missing.map(describeWanted).join(', ')
    let stopListening = () => {}
    const work = new Promise<Arrow[]>((resolve, reject) => {
      const look = () => {
        const { found, missing: left } = findAll(wanted, arrows(), since)
        if (mine.isStopped) reject(new Stopped())
        else if (left.length === 0) resolve(found)
      }
      stopListening = onArrows(look)
      look()
    })
    return patiently(work, missing).finally(() => stopListening())
  }

  const read = (step: Step): Promise<void> =>
    new Promise((resolve) => {
      let isOver = false
      const settle = () => {
        if (isOver) return
        isOver = true
        stopWatching()
        resolve()
      }
      let stopTimer = setTimer(() => !playing.get().isPaused && settle(), readingMs(step))
      let wasPaused = playing.get().isPaused
      const stopWatching = playing.subscribe(() => {
        const { isPaused } = playing.get()
        if (isPaused === wasPaused) return
        wasPaused = isPaused
        stopTimer()
        if (!isPaused) stopTimer = setTimer(settle, readingMs(step))
      })
      skip = () => {
        stopTimer()
        settle()
      }
    })

  const perform = async (step: Step, index: number, mine: typeof run): Promise<void> => {
    playing.set({ index, phase: 'acting' })
    const since = lastSeq(arrows())
    const { heard } = playing.get()
    await patiently(Promise.resolve(step.act?.(stage, heard)), () => 'the phone did not do it')
    const found = await heardAll(step.until ?? [], since, mine)
    if (mine.isStopped) throw new Stopped()
    playing.set((now) => ({ phase: 'reading', heard: [...now.heard, ...found] }))
    await read(step)
    if (mine.isStopped) throw new Stopped()
  }

  const stop = () => {
    run.isStopped = true
    skip()
    playing.set(IDLE)
  }

  return {
    playing,
    stop,
    next: () => skip(),
    setPaused: (isPaused) => playing.set({ isPaused }),
    async start(story) {
      stop()
      const mine = { isStopped: false }
      run = mine
      playing.set({ ...IDLE, story })
      try {
        for (const [index, step] of story.steps.entries()) await perform(step, index, mine)
        playing.set({ phase: 'done', index: story.steps.length })
      } catch (error) {
        if (mine.isStopped) return
        playing.set({ phase: 'failed', failure: error instanceof Error ? error.message : String(error) })
      }
    },
  }
}
