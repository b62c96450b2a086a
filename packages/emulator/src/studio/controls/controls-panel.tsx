import { useState } from 'preact/hooks'
import { SidePanel } from '../page/side.tsx'
import { phones } from '../phones/phones.ts'
import { useStore } from '../use-store.ts'
import { useWords } from '../words/use-words.ts'
import { controls, resetAll } from './controls.ts'
import { Pill } from './parts.tsx'
import { PhoneControls } from './phone-controls.tsx'
import { ServerControls, TimeControls } from './server-controls.tsx'
import { KeyControls, WechatControls } from './wechat-controls.tsx'

function Problem() {
  const problem = useStore(controls, (now) => now.problem)
  return (
    <p class="problem" role="alert">
      {problem}
    </p>
  )
}

/** All that can be done to the phones, to WeChat, to time and to the server. */
export function ControlsPanel({ isHidden }: { isHidden: boolean }) {
  const words = useWords()
  const { hasProgram, spots } = useStore(phones, (now) => now)
  const [chosen, choose] = useState(1)
  const spot = spots.find(({ id }) => id === chosen) ?? spots[0]
  const user = spot?.user ?? 'alice'
  return (
    <SidePanel label={words.controls.title} isHidden={isHidden}>
      <div class="side-title">
        <h2>{words.controls.title}</h2>
        {spots.length > 1 && (
          <fieldset class="segments">
            <legend class="unseen">{words.controls.which}</legend>
            {spots.map(({ id, user: holder }) => (
              <button key={id} type="button" aria-pressed={spot?.id === id} onClick={() => choose(id)}>
                {id} · {holder}
              </button>
            ))}
          </fieldset>
        )}
      </div>
      <Problem />
      {hasProgram === true && spot !== undefined && <PhoneControls spot={spot} />}
      <TimeControls />
      <ServerControls user={user} />
      <WechatControls />
      <KeyControls user={user} />
      <div class="reset">
        <Pill label={words.controls.reset} hint={words.controls.resetHint} isDanger onPress={resetAll} />
      </div>
    </SidePanel>
  )
}
