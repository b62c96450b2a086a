import type { Arrow } from '../../lib/conversation/arrow.ts'
import type { Words } from './en.ts'

/** What a note says, in the reader's language where the studio knows the action. */
export function noteLabel(arrow: Arrow, words: Words): string {
  const { action, facts = {}, label } = arrow
  return action === undefined ? label : (words.notes[action]?.(facts) ?? label)
}
