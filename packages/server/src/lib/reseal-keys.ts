import type { IdentityRecord } from './records.ts'
import type { Services } from './services.ts'

const PAGE = 500
/** A login may write the same ring meanwhile; it seals with the new key anyway. */
const TRIES = 5

export interface ResealReport {
  readonly identities: number
  /** session_keys that were sealed anew, or would be. */
  readonly resealed: number
  /** Those that no key opens, by the name of the key that sealed them; they stay as they are. */
  readonly unreadable: ReadonlyMap<string, number>
}

type Resealing = Pick<Services, 'store' | 'vault'>

/**
 * Goes through all kept session_keys and seals under the first master key what another one has sealed, so that the other
 * one can be taken away. May be broken off and begun anew, beside servers that run.
 * @param options.isTrial counts, and writes nothing
 */
export async function resealKeys(
  services: Resealing,
  options: { readonly isTrial: boolean; readonly onProgress?: (report: ResealReport) => void },
): Promise<ResealReport> {
  const unreadable = new Map<string, number>()
  const report = { identities: 0, resealed: 0, unreadable }
  let after: IdentityRecord | null = null
  for (;;) {
    const page: IdentityRecord[] = await services.store.pageIdentities({ after, limit: PAGE })
    for (const identity of page) {
      const outcome = await resealOne(services, identity, options.isTrial)
      report.identities += 1
      report.resealed += outcome.resealed
      for (const kid of outcome.unreadable) unreadable.set(kid, (unreadable.get(kid) ?? 0) + 1)
    }
    options.onProgress?.(report)
    after = page.at(-1) ?? null
    if (after === null) return report
  }
}

interface Outcome {
  readonly keyRing: readonly string[]
  readonly resealed: number
  readonly unreadable: readonly string[]
}

async function resealOne(
  { store, vault }: Resealing,
  identity: IdentityRecord,
  isTrial: boolean,
): Promise<Outcome> {
  let present: IdentityRecord = identity
  for (let tries = 1; ; tries += 1) {
    const outcome = resealRing(vault, present)
    if (outcome.resealed === 0 || isTrial) return outcome
    const { keyRing } = outcome
    if (await store.replaceKeyRing({ key: present, expectedVersion: present.version, keyRing }))
      return outcome
    const found = await store.findIdentity(present)
    if (found === null) return { keyRing: [], resealed: 0, unreadable: [] }
    if (tries === TRIES) throw new Error('An identity was written again and again: try once more')
    present = found
  }
}

function resealRing(vault: Services['vault'], identity: IdentityRecord): Outcome {
  let resealed = 0
  const unreadable: string[] = []
  const keyRing = identity.keyRing.map((sealed) => {
    if (vault.isCurrent(sealed)) return sealed
    const plain = vault.open(sealed, identity)
    if (plain === null) {
      unreadable.push(sealed.split('.')[1] ?? '')
      return sealed
    }
    resealed += 1
    return vault.seal(plain, identity)
  })
  return { keyRing, resealed, unreadable }
}
