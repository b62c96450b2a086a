import { talk } from '../conversation/talk.ts'
import { browserStage } from './browser-stage.ts'
import { createPlayer } from './player.ts'
import { storyById } from './stories.ts'

/** `#story=two-phones&pace=0`: which, and how fast (1 is a reader's pace; 0 waits for nobody). */
export function readHash(hash: string): { id: string | null; pace: number } {
  const query = new URLSearchParams(hash.replace(/^#/, ''))
  const pace = Number(query.get('pace') ?? 1)
  return { id: query.get('story'), pace: Number.isFinite(pace) && pace >= 0 ? pace : 1 }
}

function readingMs(text: string): number {
  const words = text.split(/\s+/).length + (text.match(/[\u4e00-\u9fff]/g)?.length ?? 0) / 2
  return (1200 + words * 210) * readHash(location.hash).pace
}

export const player = createPlayer({
  stage: browserStage,
  arrows: () => talk.get().arrows,
  onArrows: (listener) => talk.subscribe(listener),
  readingMs: ({ say }) => readingMs(say.en),
  patienceMs: 30_000,
  setTimer(run, ms) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
})

/** Starts the story that the address names. */
export function playFromHash(): void {
  const { id } = readHash(location.hash)
  const story = id === null ? undefined : storyById(id)
  if (story !== undefined) void player.start(story)
}
