import type { Step } from './story.ts'

/** How most stories begin: one phone, in alice's hands, and she is known there. */
export function aliceIsIn(say: Step['say']): Step {
  return {
    say,
    act: async (stage) => {
      stage.putAway()
      await stage.bring(1, 'alice', 'phone')
      await stage.loggedIn(1)
    },
    until: [{ phone: 1, path: '/whoami', status: 200 }],
  }
}
