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

/** One playing of one story. */
interface Run {
  isStopped: boolean
}

function lastSeq(arrows: readonly Arrow[]): number {
  return arrows.at(-1)?.seq ?? 0
}

/** What a promise gives, or an error in these words when it takes too long. */
function patiently<T>(options: PlayerOptions, work: Promise<T>, what: () => string): Promise<T> {
  return new Promise((resolve, reject) => {
    const stopTimer = options.setTimer(() => reject(new Error(what())), options.patienceMs)
    work.then(resolve, reject).finally(stopTimer)
  })
}

/** The arrows that are waited for, as soon as all of them were said. */
function heardAll(
  options: PlayerOptions,
  wanted: readonly Wanted[],
  since: number,
  mine: Run,
): Promise<Arrow[]> {
  const look = () => findAll(wanted, options.arrows(), since)
  let stopListening = () => {}
  const work = new Promise<Arrow[]>((resolve, reject) => {
    const onArrows = () => {
      const { found, missing } = look()
      if (mine.isStopped) reject(new Stopped())
      else if (missing.length === 0) resolve(found)
    }
    stopListening = options.onArrows(onArrows)
    onArrows()
  })
  const what = () => look().missing.map(describeWanted).join(', ')
  return patiently(options, work, what).finally(() => stopListening())
}

/** Leaves time to read. That time does not run while the story is paused; `skip` ends it. */
function createReading(playing: Store<Playing>, { setTimer, readingMs }: PlayerOptions) {
  let skip: () => void = () => {}
  const read = (step: Step): Promise<void> =>
    new Promise((resolve) => {
      let { isPaused } = playing.get()
      let stopTimer = isPaused ? () => {} : setTimer(() => skip(), readingMs(step))
      const stopWatching = playing.subscribe(() => {
        if (playing.get().isPaused === isPaused) return
        isPaused = !isPaused
        stopTimer()
        if (!isPaused) stopTimer = setTimer(() => skip(), readingMs(step))
      })
      skip = () => {
        skip = () => {}
        stopTimer()
        stopWatching()
        resolve()
      }
    })
  return { read, skip: () => skip() }
}

/** Plays stories, one at a time. Steps go on when what they wait for was said, never by a clock. */
export function createPlayer(options: PlayerOptions): Player {
  const playing = createStore<Playing>(IDLE)
  const reading = createReading(playing, options)
  let run: Run = { isStopped: true }

  const perform = async (step: Step, index: number, mine: Run): Promise<void> => {
    playing.set({ index, phase: 'acting' })
    const since = lastSeq(options.arrows())
    const deed = Promise.resolve(step.act?.(options.stage, playing.get().heard))
    await patiently(options, deed, () => 'the phone did not do it')
    const found = await heardAll(options, step.until ?? [], since, mine)
    if (mine.isStopped) throw new Stopped()
    playing.set((now) => ({ phase: 'reading', heard: [...now.heard, ...found] }))
    await reading.read(step)
    if (mine.isStopped) throw new Stopped()
  }

  const stop = () => {
    run.isStopped = true
    reading.skip()
    playing.set(IDLE)
  }

  const start = async (story: Story): Promise<void> => {
    stop()
    const mine: Run = { isStopped: false }
    run = mine
    playing.set({ ...IDLE, story })
    try {
      for (const [index, step] of story.steps.entries()) await perform(step, index, mine)
      playing.set({ phase: 'done', index: story.steps.length })
    } catch (error) {
      if (mine.isStopped) return
      playing.set({ phase: 'failed', failure: error instanceof Error ? error.message : String(error) })
    }
  }

  return { playing, start, stop, next: reading.skip, setPaused: (isPaused) => playing.set({ isPaused }) }
}
