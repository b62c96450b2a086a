import { type Assertions, createAssertions } from '../lib/assertions.ts'
import type { Clock } from '../lib/clock.ts'
import type { Config } from '../lib/config.ts'
import type { Random } from '../lib/random.ts'
import { createVault, type Vault } from '../lib/vault.ts'

/** What a running server takes over when it is told to read its configuration again: keys and apps. */
export type Reloadable = Pick<Config, 'apps' | 'backends' | 'masterKeys'>

interface Current extends Pick<Config, 'apps' | 'backends'> {
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
      current = read(next)
    },
  }
}
