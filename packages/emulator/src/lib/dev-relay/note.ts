import { durationText } from '../conversation/note-words.ts'
import { noteControl } from '../conversation/wx-talk.ts'
import type { Machine } from '../machine.ts'

type Input = Readonly<Record<string, unknown>>

/** What each of the protocol's acts is called in a note; any other is called by its path. */
const LABELS: Readonly<Record<string, (input: Input, who: string) => string>> = {
  '/clock': ({ advanceSeconds }) => `server clock +${durationText(Number(advanceSeconds))}`,
  '/sessions/end': ({ as, which }, who) =>
    `${which === 'all' ? 'sessions' : 'session'} of ${who} ended by ${as}`,
  '/users/ban': (_input, who) => `${who} banned`,
  '/users/unban': (_input, who) => `${who} unbanned`,
}

function factsOf(path: string, input: Input): Record<string, string | number> {
  const plain = Object.entries(input).filter(([, value]) => ['string', 'number'].includes(typeof value))
  return { path, ...Object.fromEntries(plain.map(([name, value]) => [name, value as string | number])) } // filtered
}

/** Tells in the conversation what was done at the back end. */
export function noteDev(machine: Machine, path: string, input: Input): void {
  const who = typeof input['user'] === 'string' ? input['user'] : 'a user'
  noteControl(machine, 'dev', LABELS[path]?.(input, who) ?? path, factsOf(path, input))
}
