import { forgetTalk, talk } from '../conversation/talk.ts'
import { Icon, type IconName } from '../page/icon.tsx'
import { useStore } from '../use-store.ts'
import { view } from '../view.ts'
import { fill } from '../words/text.ts'
import { useWords } from '../words/use-words.ts'
import { ExportMenu } from './export-menu.tsx'
import { setShowsSecrets } from './secrets.ts'

interface ToggleProps {
  icon: IconName
  label: string
  hint?: string
  isOn: boolean
  onToggle: () => void
}

function Toggle({ icon, label, hint, isOn, onToggle }: ToggleProps) {
  return (
    <button type="button" class="tool" aria-pressed={isOn} title={hint ?? label} onClick={onToggle}>
      <Icon name={icon} />
      <span class="tool-words">{label}</span>
    </button>
  )
}

/** Whose arrows are shown, where there are several phones. */
function PhoneFilter() {
  const { tools } = useWords()
  const chosen = useStore(view, (now) => now.phone)
  const stations = useStore(talk, (now) => now.stations)
  const phones = stations.filter(({ kind }) => kind === 'mini-program').map(({ id }) => id)
  if (phones.length < 2) return null
  return (
    <fieldset class="segments">
      <legend class="unseen">{tools.filter}</legend>
      {[null, ...phones].map((id) => (
        <button key={id} type="button" aria-pressed={chosen === id} onClick={() => view.set({ phone: id })}>
          {id === null ? tools.all : id.replace('phone:', '')}
        </button>
      ))}
    </fieldset>
  )
}

function Heading({ held }: { held: number }) {
  const { talk: title, live, diagram } = useWords()
  const link = useStore(talk, (now) => now.link)
  const dropped = useStore(talk, (now) => now.dropped)
  const notice =
    held > 0 ? fill(diagram.paused, { n: held }) : dropped > 0 ? fill(diagram.dropped, { n: dropped }) : ''
  return (
    <div class="talk-heading">
      <h2>{title}</h2>
      <span class={`link link-${link}`} role="status">
        {notice === '' ? live[link] : notice}
      </span>
    </div>
  )
}

export function TalkTools({ held }: { held: number }) {
  const { tools } = useWords()
  const { isFollowing, scale, showsSecrets } = useStore(view, (now) => now)
  return (
    <div class="talk-tools">
      <Heading held={held} />
      <PhoneFilter />
      <Toggle
        icon={isFollowing ? 'pause' : 'play'}
        label={isFollowing ? tools.pause : tools.follow}
        isOn={!isFollowing}
        onToggle={() => view.set({ isFollowing: !isFollowing })}
      />
      <Toggle
        icon="ruler"
        label={tools.scale}
        hint={tools.scaleHint}
        isOn={scale === 'time'}
        onToggle={() => view.set({ scale: scale === 'time' ? 'order' : 'time' })}
      />
      <Toggle
        icon="eye"
        label={tools.secrets}
        hint={tools.secretsHint}
        isOn={showsSecrets}
        onToggle={() => setShowsSecrets(!showsSecrets)}
      />
      <ExportMenu />
      <button type="button" class="tool" title={tools.clear} onClick={() => void forgetTalk()}>
        <Icon name="trash" />
        <span class="tool-words">{tools.clear}</span>
      </button>
    </div>
  )
}
