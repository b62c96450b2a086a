import type { Arrow } from '../../lib/conversation/arrow.ts'
import type { Text } from '../words/text.ts'

export interface Explanation {
  what: Text
  why: Text
  without: Text
  cure?: Text | undefined
}

export function explain(_arrow: Arrow, _partner: Arrow | undefined): Explanation {
  const text = { en: '…', zh: '…' }
  return { what: text, why: text, without: text }
}
