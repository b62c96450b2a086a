import { controls } from '../controls/controls.ts'
import { Icon } from '../page/icon.tsx'
import { SidePanel } from '../page/side.tsx'
import { phones } from '../phones/phones.ts'
import { useStore } from '../use-store.ts'
import { view } from '../view.ts'
import { useSpeech, useWords } from '../words/use-words.ts'
import { STORIES } from './stories.ts'
import type { Need, Story } from './story.ts'
import { player } from './the-player.ts'

const NUMERALS = ['一', '二', '三', '四', '五', '六', '七']

/** What is missing for a story here; undefined: nothing. */
function useMissing(): (story: Story) => Need | undefined {
  const isExample = useStore(phones, (now) => now.program.isExample)
  const isDevThere = useStore(controls, (now) => now.dev.isThere)
  const has: Readonly<Record<Need, boolean>> = { example: isExample, dev: isDevThere === true }
  return ({ needs }) => needs.find((need) => !has[need])
}

function play(story: Story): void {
  view.set({ tab: 'talk', open: null })
  void player.start(story)
}

function Entry({ story, number, missing }: { story: Story; number: string; missing: Need | undefined }) {
  const words = useWords().stories
  const speak = useSpeech()
  const isPlaying = useStore(player.playing, (now) => now.story?.id === story.id)
  return (
    <li class={isPlaying ? 'story is-playing' : 'story'}>
      <span class="story-number" aria-hidden="true">
        {number}
      </span>
      <div>
        <h3>{speak(story.title)}</h3>
        <p>{speak(story.teaser)}</p>
        {missing === undefined ? (
          <button type="button" class="pill story-play" onClick={() => play(story)}>
            <Icon name="play" /> {isPlaying ? words.again : words.play}
          </button>
        ) : (
          <p class="story-needs">{words.needs[missing]}</p>
        )}
      </div>
    </li>
  )
}

/** The stories, and what each needs. */
export function StoriesPanel({ isHidden }: { isHidden: boolean }) {
  const words = useWords().stories
  const missing = useMissing()
  return (
    <SidePanel label={words.title} isHidden={isHidden}>
      <h2>{words.title}</h2>
      <p class="group-lead">{words.lead}</p>
      <ol class="stories">
        {STORIES.map((story, at) => (
          <Entry key={story.id} story={story} number={NUMERALS[at] ?? ''} missing={missing(story)} />
        ))}
      </ol>
    </SidePanel>
  )
}
