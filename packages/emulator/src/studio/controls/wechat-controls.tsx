import { talk } from '../conversation/talk.ts'
import { useStore } from '../use-store.ts'
import { fill } from '../words/text.ts'
import { useWords } from '../words/use-words.ts'
import { changeSessionKey, clearTrouble, controls, setTrouble } from './controls.ts'
import { Group, Line, Pill } from './parts.tsx'
import { type Times, TROUBLES } from './troubles.ts'

const TIMES: readonly Times[] = [1, 3, null]

/** How often what was set has struck since. */
function useStrikes(since: number): number {
  return useStore(
    talk,
    ({ arrows }) => arrows.filter(({ action, seq }) => action === 'fault.strike' && seq > since).length,
  )
}

function TroubleState() {
  const words = useWords().controls
  const trouble = useStore(controls, (now) => now.trouble)
  const strikes = useStrikes(trouble?.since ?? 0)
  const isOver = trouble === null || (trouble.times !== null && strikes >= trouble.times)
  const name = trouble === null ? '' : words.troubles[trouble.name].label
  return (
    <p class={isOver ? 'trouble' : 'trouble trouble-on'} role="status">
      {isOver ? words.well : fill(words.unwell, { name, n: strikes })}
      {!isOver && <Pill label={words.switchOff} onPress={clearTrouble} />}
    </p>
  )
}

export function WechatControls() {
  const words = useWords().controls
  const { trouble, times } = useStore(controls, (now) => now)
  return (
    <Group title={words.wechat} lead={words.wechatLead}>
      <TroubleState />
      <Line name={words.trouble}>
        {TROUBLES.map(({ name }) => (
          <Pill
            key={name}
            label={words.troubles[name].label}
            hint={words.troubles[name].hint}
            isOn={trouble?.name === name}
            onPress={() => (trouble?.name === name ? clearTrouble() : setTrouble(name, times))}
          />
        ))}
      </Line>
      <Line name={words.howOften}>
        {TIMES.map((count) => (
          <Pill
            key={count}
            label={count === null ? words.untilOff : fill(words.times, { n: count })}
            isOn={times === count}
            onPress={() => controls.set({ times: count })}
          />
        ))}
      </Line>
    </Group>
  )
}

export function KeyControls({ user }: { user: string }) {
  const words = useWords().controls
  return (
    <Line name={fill(words.sessionKey, { user })}>
      <Pill label={words.rotate} hint={words.rotateHint} onPress={() => changeSessionKey(user, 'rotate')} />
      <Pill label={words.expire} hint={words.expireHint} onPress={() => changeSessionKey(user, 'expire')} />
    </Line>
  )
}
