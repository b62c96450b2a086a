import { type Machine, nowMs } from '../machine.ts'
import { joinKey, type SessionKey } from '../state/world.ts'

/** One user in one app. */
export interface Pair {
  appid: string
  user: string
}

/** The one living key of a pair, or undefined. Looking does not renew it. */
export function livingKey(machine: Machine, pair: Pair): SessionKey | undefined {
  const found = machine.world.sessionKeys.get(joinKey(pair.appid, pair.user))
  if (!found) return undefined
  const { sessionKeySliding, sessionKeyLifetimeSeconds } = machine.world.settings
  const bornAtMs = sessionKeySliding ? found.renewedAtMs : found.createdAtMs
  return nowMs(machine) < bornAtMs + sessionKeyLifetimeSeconds * 1000 ? found : undefined
}

/** Replaces the pair's key by a new one; the old one is dead from now on. */
export function mintKey(machine: Machine, pair: Pair): SessionKey {
  const atMs = nowMs(machine)
  const sessionKey = machine.random.bytes(16).toString('base64')
  const minted: SessionKey = { sessionKey, createdAtMs: atMs, renewedAtMs: atMs }
  machine.world.sessionKeys.set(joinKey(pair.appid, pair.user), minted)
  machine.conversation.issued('session_key', sessionKey)
  return minted
}

/** A new key with the life of the old one, which is dead from now on. */
export function replaceKey(machine: Machine, pair: Pair, old: SessionKey): SessionKey {
  const { createdAtMs, renewedAtMs } = old
  return Object.assign(mintKey(machine, pair), { createdAtMs, renewedAtMs })
}

export function expireKey(machine: Machine, pair: Pair): void {
  machine.world.sessionKeys.delete(joinKey(pair.appid, pair.user))
}

/** What a login does to the key: keeps a young one, replaces an old or dead one. */
export function keyForLogin(machine: Machine, pair: Pair): SessionKey {
  const living = livingKey(machine, pair)
  if (!living) return mintKey(machine, pair)
  const ageMs = nowMs(machine) - living.createdAtMs
  if (ageMs >= machine.world.settings.sessionKeyMinRefreshSeconds * 1000) return mintKey(machine, pair)
  return renewKey(machine, living)
}

/** Notes that the key was used, which prolongs its life where `sessionKeySliding` is on. */
export function renewKey(machine: Machine, key: SessionKey): SessionKey {
  key.renewedAtMs = nowMs(machine)
  return key
}
