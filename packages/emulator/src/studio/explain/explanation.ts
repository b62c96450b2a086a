import type { Text } from '../words/text.ts'

/** What the page says about one arrow. */
export interface Explanation {
  what: Text
  why: Text
  without: Text
  /** Of what went wrong. */
  cure?: Text | undefined
}

export const say = (en: string, zh: string): Text => ({ en, zh })
