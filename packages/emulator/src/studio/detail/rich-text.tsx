import { segmentsOf } from '../conversation/segments.ts'
import { secrets } from '../diagram/secrets.ts'
import { useStore } from '../use-store.ts'
import { view } from '../view.ts'

/** Text in which secrets stand as coloured names, or as themselves when the reader wants to see them. */
export function RichText({ text }: { text: string }) {
  const showsSecrets = useStore(view, (now) => now.showsSecrets)
  const byName = useStore(secrets, (now) => now.byName)
  return (
    <>
      {segmentsOf(text).map((segment, index) =>
        segment.colour === undefined ? (
          segment.text
        ) : (
          <mark key={index} class={`tag tag-${segment.colour}`} title={segment.text}>
            {(showsSecrets ? byName[segment.text] : undefined) ?? segment.text}
          </mark>
        ),
      )}
    </>
  )
}
