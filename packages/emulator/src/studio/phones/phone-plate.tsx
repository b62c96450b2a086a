import { Icon, type IconName } from '../page/icon.tsx'
import { useWords } from '../words/use-words.ts'
import { restart, setBackground, setOffline } from './phone-actions.ts'
import type { PhoneSpot } from './phones.ts'

interface PlateButtonProps {
  icon: IconName
  label: string
  isOn?: boolean
  onClick: () => void
}

function PlateButton({ icon, label, isOn, onClick }: PlateButtonProps) {
  return (
    <button
      type="button"
      class="plate-button"
      title={label}
      aria-label={label}
      aria-pressed={isOn}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  )
}

/** Below the phone: what one does with any phone. The rest is among the controls. */
export function PhonePlate({ spot }: { spot: PhoneSpot }) {
  const { phones } = useWords()
  const { id, isInBackground, isOffline } = spot
  return (
    <div class="plate">
      <PlateButton
        icon="home"
        label={isInBackground ? phones.foreground : phones.background}
        isOn={isInBackground}
        onClick={() => setBackground(id, !isInBackground)}
      />
      <PlateButton icon="again" label={phones.restart} onClick={() => restart(id)} />
      <PlateButton
        icon="offline"
        label={phones.offline}
        isOn={isOffline}
        onClick={() => setOffline(id, !isOffline)}
      />
    </div>
  )
}
