import { type Assertions, createAssertions } from '../lib/assertions.ts'
import type { Clock } from '../lib/clock.ts'
import type { Config, MasterKey } from '../lib/config.ts'
import { ConfigError } from '../lib/load-config/config-error.ts'
import type { Random } from '../lib/random.ts'
import { createVault, type Vault } from '../lib/vault.ts'

/** What a running server takes over when it is told to read its configuration again: keys and apps. */
export type Reloadable = Pick<Config, 'apps' | 'backends' | 'masterKeys'>

interface Current extends Reloadable {
  readonly vault: Vault
  readonly assertions: Assertions
}

export interface LiveConfig {
  readonly current: () => Current
  /** The vault of whatever keys there are now. */
  readonly vault: Vault
  /** All of it at once, or nothing: what does not fit throws and leaves the old. */
  reload(config: Reloadable): void
}

export function createLiveConfig(
  config: Reloadable,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): LiveConfig {
  const read = ({ apps, backends, masterKeys }: Reloadable): Current => ({
    apps,
    backends,
    masterKeys,
    vault: createVault(masterKeys, random),
    assertions: createAssertions(masterKeys, clock),
  })
  let current = read(config)
  return {
    current: () => current,
    vault: {
      seal: (plain, owner) => current.vault.seal(plain, owner),
      open: (sealed, owner) => current.vault.open(sealed, owner),
      isCurrent: (sealed) => current.vault.isCurrent(sealed),
    },
    reload(next) {
      requireSameBytes(current.masterKeys, next.masterKeys)
      current = read(next)
    },
  }
}

/** Under a name that stays, what the old bytes have sealed would look as if the new ones had: nothing opens it. */
function requireSameBytes(present: readonly MasterKey[], next: readonly MasterKey[]): void {
  const bytesOf = new Map(present.map(({ kid, key }) => [kid, key.reveal()]))
  const other = next.find(({ kid, key }) => (bytesOf.get(kid) ?? key.reveal()) !== key.reveal())
  if (other === undefined) return
  const problem = `the key ${other.kid} is not the one of that name that is in use`
  throw new ConfigError([{ setting: 'YAOPAI_MASTER_KEY', problem, cure: 'Give a new key another name' }])
}
