import { Icon } from '../page/icon.tsx'
import { useWords } from '../words/use-words.ts'
import { PhoneFrame } from './phone-frame.tsx'
import { PhonePlate } from './phone-plate.tsx'
import { type PhoneSpot, removeSecond } from './phones.ts'

/** A phone, the plate that says whose it is, and the buttons that every phone has. */
export function PhoneCard({ spot }: { spot: PhoneSpot }) {
  const words = useWords()
  return (
    <section class="phone" aria-label={`${words.phone} ${spot.id}`}>
      <header class="phone-head">
        <span class="phone-number" aria-hidden="true">
          {spot.id}
        </span>
        <span class="phone-user">{spot.user}</span>
        <span class="phone-device">{words.phones.devices[spot.device] ?? spot.device}</span>
        {spot.id === 2 && (
          <button
            type="button"
            class="quiet"
            title={words.phones.remove}
            aria-label={words.phones.remove}
            onClick={removeSecond}
          >
            <Icon name="close" />
          </button>
        )}
      </header>
      <PhoneFrame spot={spot} />
      <PhonePlate spot={spot} />
    </section>
  )
}
