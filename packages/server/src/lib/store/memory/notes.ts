import type { IdentityRecord } from '../../records.ts'
import type { KeyRingChange, NoteSwap, Store } from '../store.ts'
import { identityKeyOf, type Tables } from './tables.ts'

export function swapNote(tables: Tables, { name, expected, value }: NoteSwap): boolean {
  if ((tables.notes.get(name) ?? null) !== expected) return false
  if (value === null) tables.notes.delete(name)
  else tables.notes.set(name, value)
  return true
}

export function pageIdentities(
  tables: Tables,
  { after, limit }: Parameters<Store['pageIdentities']>[0],
): IdentityRecord[] {
  return [...tables.identities.values()]
    .filter((identity) => after === null || compare(identity, after) > 0)
    .sort(compare)
    .slice(0, limit)
}

type Key = Pick<IdentityRecord, 'platform' | 'appid' | 'openid'>

function compare(one: Key, other: Key): number {
  const parts = ({ platform, appid, openid }: Key) => [platform, appid, openid]
  const theirs = parts(other)
  const [mine = '', against = ''] =
    parts(one)
      .map((part, index) => [part, theirs[index] ?? ''])
      .find(([a, b]) => a !== b) ?? []
  return mine < against ? -1 : mine > against ? 1 : 0
}

export function replaceKeyRing(tables: Tables, change: KeyRingChange): boolean {
  const name = identityKeyOf(change.key)
  const identity = tables.identities.get(name)
  if (identity?.version !== change.expectedVersion) return false
  tables.identities.set(name, { ...identity, keyRing: [...change.keyRing], version: identity.version + 1 })
  return true
}
