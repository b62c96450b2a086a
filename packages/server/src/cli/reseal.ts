import { systemRandom } from '../lib/random.ts'
import { type ResealReport, resealKeys } from '../lib/reseal-keys.ts'
import { createVault } from '../lib/vault.ts'
import { EXIT } from './exit.ts'
import { readConfig, withStore } from './read-config.ts'
import type { Terminal } from './terminal.ts'

const TELL_EVERY = 10_000

/** `yaopai keys reseal`: session_keys under older master keys are sealed under the first; beside servers that run. */
export async function reseal({ trial = false }: { trial?: boolean }, terminal: Terminal): Promise<number> {
  const { config } = readConfig(terminal)
  const vault = createVault(config.masterKeys, systemRandom)
  const onProgress = ({ identities }: ResealReport) => {
    if (identities > 0 && identities % TELL_EVERY === 0) terminal.say(`  ${identities} identities …`)
  }
  const report = await withStore(terminal, (store) =>
    resealKeys({ store, vault }, { isTrial: trial, onProgress }),
  )
  const { identities, resealed } = report
  const unreadable = Object.fromEntries(report.unreadable)
  const lost = Object.entries(unreadable).map(
    ([kid, count]) => `\n  ${count} were sealed by ${kid}, which is not here`,
  )
  const kid = config.masterKeys[0]?.kid ?? ''
  const said = trial ? 'would be sealed' : 'were sealed'
  terminal.data(
    { kid, identities, resealed, unreadable },
    `${resealed} keys of ${identities} identities ${said} under ${kid}${lost.join('')}`,
  )
  return lost.length === 0 ? EXIT.done : EXIT.failed
}
