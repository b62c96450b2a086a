import { describe, type TestContext, test } from 'node:test'
import { changeCases } from './contract/changes.ts'
import { closeCases } from './contract/close.ts'
import { closeAccountCases } from './contract/close-account.ts'
import { eventCases } from './contract/events.ts'
import { loginConflictCases } from './contract/login-conflicts.ts'
import { loginFactsCases } from './contract/login-facts.ts'
import { loginCases } from './contract/logins.ts'
import { noteCases } from './contract/notes.ts'
import { parallelCases } from './contract/parallel.ts'
import { raceCases } from './contract/races.ts'
import { renewalForgettingCases } from './contract/renewal-forgetting.ts'
import { renewalCases } from './contract/renewals.ts'
import { sessionCases } from './contract/sessions.ts'
import { sweepCases } from './contract/sweep.ts'
import { tenancyCases } from './contract/tenancy.ts'
import { textCases } from './contract/text.ts'
import { userCases } from './contract/users.ts'
import { valueCases } from './contract/values.ts'
import type { Store } from './store.ts'

const CASES = [
  ...loginCases,
  ...loginConflictCases,
  ...loginFactsCases,
  ...parallelCases,
  ...raceCases,
  ...sessionCases,
  ...renewalCases,
  ...renewalForgettingCases,
  ...userCases,
  ...closeAccountCases,
  ...eventCases,
  ...changeCases,
  ...noteCases,
  ...sweepCases,
  ...tenancyCases,
  ...textCases,
  ...valueCases,
  ...closeCases,
]

/**
 * Registers with node:test everything that the port promises. A store that passes may stand behind the server.
 * @param name of the store, put before each title
 * @param openStore gives a new, empty store for each test. It sees to its own clean-up with `t.after`; a store may
 * have been closed by then, and closing one again must do nothing.
 */
export function runStoreContract(name: string, openStore: (t: TestContext) => Promise<Store>): void {
  describe(`${name}: store contract`, () => {
    for (const { title, run } of CASES) test(title, async (t) => run(await openStore(t)))
  })
}
