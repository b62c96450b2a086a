import { isSameSecret, type Secret } from '../secret.ts'
import type { KeyOwner, Vault } from '../vault.ts'

/** How many session_keys are kept: data that was encrypted before the last login still opens. */
const RING_SIZE = 3

/**
 * The ring with `sessionKey` in front, or null when it stands there already: then nothing has to be written.
 * A key that came back moves to the front instead of standing twice. What an older master key sealed is sealed
 * anew, so that users who log in need that one no more.
 */
export function ringWith(
  ring: readonly string[],
  sessionKey: Secret,
  owner: KeyOwner,
  vault: Vault,
): readonly string[] | null {
  const isSame = (sealed: string) => {
    const kept = vault.open(sealed, owner)
    return kept !== null && isSameSecret(kept.reveal(), sessionKey.reveal())
  }
  const newest = ring[0]
  if (newest !== undefined && isSame(newest) && ring.every(vault.isCurrent)) return null
  const others = ring.filter((sealed) => !isSame(sealed)).map((sealed) => sealedNow(sealed, owner, vault))
  return [vault.seal(sessionKey, owner), ...others].slice(0, RING_SIZE)
}

/** What does not open stays as it is: its master key may only be missing from this start. */
function sealedNow(sealed: string, owner: KeyOwner, vault: Vault): string {
  const kept = vault.isCurrent(sealed) ? null : vault.open(sealed, owner)
  return kept === null ? sealed : vault.seal(kept, owner)
}

/** The kept keys, newest first; what no longer opens is left out. */
export function keysOf(ring: readonly string[], owner: KeyOwner, vault: Vault): Secret[] {
  return ring.flatMap((sealed) => vault.open(sealed, owner) ?? [])
}
