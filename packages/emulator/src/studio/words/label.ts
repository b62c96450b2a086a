import type { Arrow } from '../../lib/conversation/arrow.ts'
import { tagsIn } from '../conversation/segments.ts'
import type { Words } from './en.ts'
import { noteLabel } from './note.ts'

/** Secrets that make a conversation readable when they are seen to travel; nonces and keys of apps do not. */
const TELLING = /^‹(?:token|code|session_key|access_token) \d+›$/
const MOST_TAGS = 2

function tagsOf({ message }: Arrow): string[] {
  if (message === undefined) return []
  // Any header: many servers have one of their own for the token.
  const texts = [message.startLine, ...message.headers.map(([, value]) => value), message.body]
  return tagsIn(texts.join(' ')).filter((tag) => TELLING.test(tag))
}

/** `session_key, openid` says which, `POST /login` says with what. */
function withTags(label: string, tags: readonly string[]): string {
  let text = label
  for (const tag of tags.slice(0, MOST_TAGS)) {
    if (text.includes(tag)) continue
    const kind = tag.replace(/^‹| \d+›$/g, '')
    const named = new RegExp(`\\b${kind}\\b(?! \\d)`)
    text = named.test(text) ? text.replace(named, tag) : `${text} ${tag}`
  }
  return text
}

/** The arrow with what stands on it: notes in the reader's language, the secrets that it carries by their names. */
export function labelled(arrow: Arrow, words: Words): Arrow {
  const label = arrow.part === 'note' ? noteLabel(arrow, words) : withTags(arrow.label, tagsOf(arrow))
  return label === arrow.label ? arrow : { ...arrow, label }
}
