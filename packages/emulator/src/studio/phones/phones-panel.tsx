import { Icon } from '../page/icon.tsx'
import { useStore } from '../use-store.ts'
import { useWords } from '../words/use-words.ts'
import { NoProgram } from './no-program.tsx'
import { PhoneCard } from './phone-card.tsx'
import { addSecond, phones } from './phones.ts'

function AddSecond() {
  const words = useWords().phones
  return (
    <div class="add-second">
      <span class="add-second-words">
        <Icon name="plus" /> {words.second}
      </span>
      <button type="button" onClick={() => addSecond('bob', 'phone')}>
        bob
      </button>
      <button type="button" onClick={() => addSecond('alice', 'tablet')}>
        {words.sameUser}
      </button>
    </div>
  )
}

/** One or two phones; without a mini program, how to get one. */
export function PhonesPanel() {
  const words = useWords()
  const { hasProgram, spots } = useStore(phones, (now) => now)
  if (hasProgram === null) return <section class="phones" aria-busy="true" aria-label={words.phone} />
  if (!hasProgram) return <NoProgram />
  return (
    <section class={`phones phones-${spots.length}`} aria-label={words.phone}>
      <div class="phones-row">
        {spots.map((spot) => (
          <PhoneCard key={spot.id} spot={spot} />
        ))}
      </div>
      {spots.length === 1 && <AddSecond />}
    </section>
  )
}
