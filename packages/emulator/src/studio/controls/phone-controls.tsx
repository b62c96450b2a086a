import { useState } from 'preact/hooks'
import { loseNext, restart, setBackground, setDark, setOffline } from '../phones/phone-actions.ts'
import { type PhoneSpot, phones, takeUp } from '../phones/phones.ts'
import { useStore } from '../use-store.ts'
import { useWords } from '../words/use-words.ts'
import { Group, Line, Pill } from './parts.tsx'

const DEVICES = ['phone', 'tablet', 'phone2']

function NewUser({ onName }: { onName: (name: string) => void }) {
  const { controls } = useWords()
  const [name, setName] = useState('')
  return (
    <form
      class="new-user"
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() !== '') onName(name.trim())
        setName('')
      }}
    >
      <input
        value={name}
        maxLength={40}
        placeholder={controls.newUser}
        aria-label={controls.newUser}
        autocomplete="off"
        onInput={({ currentTarget }) => setName(currentTarget.value)}
      />
      <button type="submit" class="pill" disabled={name.trim() === ''}>
        {controls.go}
      </button>
    </form>
  )
}

function Who({ spot }: { spot: PhoneSpot }) {
  const words = useWords()
  const users = useStore(phones, (now) => now.users)
  return (
    <>
      <Line name={words.controls.actAs}>
        {users.map((user) => (
          <Pill key={user} label={user} isOn={spot.user === user} onPress={() => takeUp(spot.id, { user })} />
        ))}
        <NewUser onName={(user) => takeUp(spot.id, { user })} />
      </Line>
      <Line name={words.controls.device}>
        {DEVICES.map((device) => (
          <Pill
            key={device}
            label={words.phones.devices[device] ?? device}
            isOn={spot.device === device}
            onPress={() => takeUp(spot.id, { device })}
          />
        ))}
      </Line>
    </>
  )
}

function State({ spot }: { spot: PhoneSpot }) {
  const { controls } = useWords()
  const { id, isInBackground, isOffline, isDark } = spot
  return (
    <>
      <Line name={controls.state}>
        <Pill
          label={controls.background}
          isOn={isInBackground}
          onPress={() => setBackground(id, !isInBackground)}
        />
        <Pill label={controls.offline} isOn={isOffline} onPress={() => setOffline(id, !isOffline)} />
        <Pill label={controls.dark} isOn={isDark} onPress={() => setDark(id, !isDark)} />
      </Line>
      <Line name={controls.program}>
        <Pill label={controls.restart} hint={controls.restartHint} onPress={() => restart(id)} />
        <Pill label={controls.wipe} hint={controls.wipeHint} onPress={() => restart(id, { wipe: true })} />
      </Line>
      <Line name={controls.lose}>
        <Pill label="request" hint={controls.loseHint} onPress={() => loseNext(id, 'request')} />
        <Pill label="login" hint={controls.loseHint} onPress={() => loseNext(id, 'login')} />
        <Pill label="uploadFile" hint={controls.loseHint} onPress={() => loseNext(id, 'uploadFile')} />
      </Line>
    </>
  )
}

/** All that can happen to a phone. */
export function PhoneControls({ spot }: { spot: PhoneSpot }) {
  const words = useWords()
  return (
    <Group title={`${words.phone} ${spot.id}`}>
      <Who spot={spot} />
      <State spot={spot} />
    </Group>
  )
}
