import type { Arrow } from '../../lib/conversation/arrow.ts'
import { talk } from '../conversation/talk.ts'
import { Icon } from '../page/icon.tsx'
import { useStore } from '../use-store.ts'
import { view } from '../view.ts'
import type { Words } from '../words/en.ts'
import { fill } from '../words/text.ts'
import { useSpeech, useWords } from '../words/use-words.ts'
import type { Playing } from './player.ts'
import type { Story } from './story.ts'
import { player } from './the-player.ts'
import { matches } from './wanted.ts'

/** The arrow whose reason the story ends with, the newest of those that it heard. */
function quoteOf(story: Story, heard: readonly Arrow[], all: readonly Arrow[]): Arrow | undefined {
  const { quotes } = story
  if (quotes === undefined) return undefined
  return [...heard].reverse().find((arrow) => matches(quotes, arrow, all))
}

function Quote({ story, heard }: { story: Story; heard: readonly Arrow[] }) {
  const words = useWords().stories
  const all = useStore(talk, (now) => now.arrows)
  const arrow = quoteOf(story, heard, all)
  if (arrow === undefined) return null
  return (
    <button type="button" class="quote" onClick={() => view.set({ open: arrow.seq, focus: arrow.seq })}>
      <span class="quote-status">{arrow.status}</span> <code>{arrow.reason}</code>
      <span class="quote-more">{words.readReason}</span>
    </button>
  )
}

function Buttons({ playing, words }: { playing: Playing; words: Words['stories'] }) {
  const { phase, isPaused } = playing
  const isOver = phase === 'done' || phase === 'failed'
  return (
    <div class="narrator-buttons">
      {!isOver && (
        <>
          <button
            type="button"
            class="quiet"
            aria-label={isPaused ? words.resume : words.pause}
            title={isPaused ? words.resume : words.pause}
            onClick={() => player.setPaused(!isPaused)}
          >
            <Icon name={isPaused ? 'play' : 'pause'} />
          </button>
          <button
            type="button"
            class="quiet"
            aria-label={words.next}
            title={words.next}
            disabled={phase !== 'reading'}
            onClick={player.next}
          >
            <Icon name="next" />
          </button>
        </>
      )}
      <button type="button" class="quiet" aria-label={words.stop} title={words.stop} onClick={player.stop}>
        <Icon name={isOver ? 'close' : 'stop'} />
      </button>
    </div>
  )
}

function Steps({ story, index }: { story: Story; index: number }) {
  return (
    <div class="narrator-steps" aria-hidden="true">
      {story.steps.map((step, at) => (
        <span key={step.say.en} class={at < index ? 'is-past' : at === index ? 'is-now' : ''} />
      ))}
    </div>
  )
}

function Told({ playing, story }: { playing: Playing; story: Story }) {
  const words = useWords().stories
  const speak = useSpeech()
  const { phase, index, failure, heard } = playing
  if (phase === 'failed') {
    return (
      <p class="narrator-text narrator-failed">
        {fill(words.failed, { what: failure })}{' '}
        <button type="button" class="small" onClick={() => void player.start(story)}>
          {words.again}
        </button>
      </p>
    )
  }
  if (phase === 'done') {
    return (
      <>
        <p class="narrator-text">{speak(story.conclusion)}</p>
        <Quote story={story} heard={heard} />
      </>
    )
  }
  const step = story.steps[index]
  return <p class="narrator-text">{step === undefined ? '' : speak(step.say)}</p>
}

/** Tells the story that plays, above the conversation that it makes. */
export function Narrator() {
  const words = useWords().stories
  const speak = useSpeech()
  const playing = useStore(player.playing, (now) => now)
  const { story, phase, index } = playing
  if (story === null) return null
  return (
    <section
      class={`narrator narrator-${phase}`}
      aria-label={speak(story.title)}
      data-story={story.id}
      data-phase={phase}
    >
      <span class="narrator-seal" aria-hidden="true">
        {phase === 'done' ? '结' : story.mark}
      </span>
      <div class="narrator-words">
        <h2>{speak(story.title)}</h2>
        <div aria-live="polite">
          <Told playing={playing} story={story} />
        </div>
        <Steps story={story} index={index} />
      </div>
      <Buttons playing={playing} words={words} />
    </section>
  )
}
