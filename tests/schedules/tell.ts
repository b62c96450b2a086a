import { type Outcome, play } from './play.ts'
import type { StartSdk } from './sdk.ts'
import { PLAIN, type Story } from './story.ts'

/** A story as a person reads it: what is special about it, what was done, and what came of it. */
export function tell(story: Story, startSdk: StartSdk): string {
  const outcome = play(story, startSdk, true)
  return [
    `Broken rule: ${outcome.complaint ?? 'none'}`,
    `Setting: ${settingOf(story)}`,
    'What happened (virtual time since the start):',
    ...outcome.log.map((line) => `  ${line}`),
    `Story, to play it again: ${JSON.stringify(story)}`,
  ].join('\n')
}

function settingOf(story: Story): string {
  const special = Object.entries(story).filter(
    ([name, value]) =>
      name !== 'steps' && JSON.stringify(value) !== JSON.stringify(PLAIN[name as keyof Story]),
  )
  return special.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ') || 'plain'
}

export type { Outcome }
