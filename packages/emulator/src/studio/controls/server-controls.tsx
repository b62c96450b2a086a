import { useEffect } from 'preact/hooks'
import { useStore } from '../use-store.ts'
import { fill } from '../words/text.ts'
import { useWords } from '../words/use-words.ts'
import { controls, endSession, letTimePass, lookForDev, setBan } from './controls.ts'
import { Group, Line, Pill } from './parts.tsx'

/** Four days are longer than a session may be idle, by default three and up to an hour. */
const SPANS: readonly number[] = [60, 3600, 345_600, 2_592_000]

export function TimeControls() {
  const words = useWords().controls
  const isThere = useStore(controls, (now) => now.dev.isThere)
  return (
    <Group title={words.time} lead={isThere === false ? words.timeOfEmulator : words.timeOfBoth}>
      <Line name={words.letPass}>
        {SPANS.map((seconds, index) => (
          <Pill key={seconds} label={words.spans[index] ?? ''} onPress={() => letTimePass(seconds)} />
        ))}
      </Line>
    </Group>
  )
}

export function ServerControls({ user }: { user: string }) {
  const words = useWords().controls
  const dev = useStore(controls, (now) => now.dev)
  useEffect(() => void lookForDev(), [])
  const isOff = dev.isThere !== true
  return (
    <Group title={words.server} lead={isOff ? words.serverOff : fill(words.serverLead, { user })}>
      {isOff && dev.why !== '' && <p class="group-why">{dev.why}</p>}
      <Line name={words.endSession}>
        <Pill
          label={words.asUser}
          hint={words.asUserHint}
          isDisabled={isOff}
          onPress={() => endSession(user, 'user')}
        />
        <Pill
          label={words.asAdmin}
          hint={words.asAdminHint}
          isDisabled={isOff}
          onPress={() => endSession(user, 'admin')}
        />
      </Line>
      <Line name={words.account}>
        <Pill label={words.ban} isDanger isDisabled={isOff} onPress={() => setBan(user, true)} />
        <Pill label={words.unban} isDisabled={isOff} onPress={() => setBan(user, false)} />
      </Line>
    </Group>
  )
}
