import { createHash } from 'node:crypto'
import type { IdentityKey } from '../../records.ts'

/** Every version must make the same ones: they are kept, and nodes of two versions run side by side in an upgrade. */

/** How sessions and their retired tokens can be spread over partitions. */
export function bucketOf(selector: number): number {
  return selector % 256
}

/** What an identity is found by: openids and appids may be longer than an index takes. */
export function identityKeyOf({ platform, appid, openid }: IdentityKey): Uint8Array {
  return digestOf(platform, appid, openid)
}

/** What identities of one person are found by; null for one without a unionid. */
export function unionKeyOf(unionScope: string, unionid: string | null): Uint8Array | null {
  return unionid === null ? null : digestOf(unionScope, unionid)
}

const UNION_GATES = 512
/** The row of `yaopai_gates` for changes. */
export const CHANGES_GATE = 512

/** Two unionids that share a row by chance wait for each other, and nothing worse. */
export function unionGateOf(unionKey: Uint8Array): number {
  return Buffer.from(unionKey).readUInt16BE(0) % UNION_GATES
}

function digestOf(...parts: readonly string[]): Uint8Array {
  return createHash('sha256').update(JSON.stringify(parts)).digest()
}
