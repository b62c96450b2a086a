import type { Message } from '../../lib/conversation/arrow.ts'
import { useStore } from '../use-store.ts'
import { view } from '../view.ts'
import { useWords } from '../words/use-words.ts'
import { pretty } from './pretty.ts'
import { RichText } from './rich-text.tsx'

function Headers({ headers }: Pick<Message, 'headers'>) {
  return (
    <dl class="wire-headers">
      {headers.map(([name, value], index) => (
        <div key={index}>
          <dt>{name}</dt>
          <dd>
            <RichText text={value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** What went over the wire, start line to body. */
export function WireMessage({ message }: { message: Message | undefined }) {
  const { detail } = useWords()
  const showsSecrets = useStore(view, (now) => now.showsSecrets)
  if (message === undefined) return <p class="wire-none">{detail.noMessage}</p>
  const { startLine, headers, body } = message
  return (
    <div class="wire">
      <p class="wire-start">
        <RichText text={startLine} />
      </p>
      {headers.length > 0 && <Headers headers={headers} />}
      {body === '' ? (
        <p class="wire-none">{detail.emptyBody}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <pre class="wire-body" tabIndex={0}>
          <RichText text={pretty(body)} />
        </pre>
      )}
      <p class="wire-note">{showsSecrets ? detail.real : detail.masked}</p>
    </div>
  )
}
