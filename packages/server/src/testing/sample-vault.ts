import { Secret } from '../lib/secret.ts'
import { createVault, type Vault } from '../lib/vault.ts'
import { createSeededRandom } from './seeded-random.ts'

/** A master key that is the same in every test, by name. */
export function sampleMasterKey(kid: string): { readonly kid: string; readonly key: Secret } {
  return { kid, key: new Secret(createSeededRandom(`master key ${kid}`).bytes(32).toString('base64')) }
}

/** The first name seals, all open. */
export function sampleVault(...kids: readonly string[]): Vault {
  return createVault(kids.map(sampleMasterKey), createSeededRandom(`vault ${kids.join(' ')}`))
}
