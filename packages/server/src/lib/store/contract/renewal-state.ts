import assert from 'node:assert/strict'
import type { SessionRecord } from '../../records.ts'
import type { Store } from '../store.ts'
import {
  firstLogin,
  NOW_MS,
  samplePromotion,
  sampleRenewal,
  sampleSelector,
  sampleSession,
  sampleTokenHash,
  sampleUserId,
} from './samples.ts'

const SELECTOR = sampleSelector(1)

export async function session(store: Store, n = 1, change: Partial<SessionRecord> = {}): Promise<void> {
  assert.equal(await store.recordLogin(firstLogin(n, { session: sampleSession(n, change) })), 'recorded')
}

/** Session 1 with its token number 1; number 0 is retired. */
export async function renewed(store: Store): Promise<void> {
  await session(store)
  await renew(store, 0)
}

export async function renew(store: Store, step: number, atMs = NOW_MS): Promise<void> {
  assert.equal(await store.startRenewal(sampleRenewal(1, step, { atMs })), true)
  const use = { atMs, goodUntilMs: atMs + 30_000 }
  assert.equal(await store.promoteToken(samplePromotion(1, step, use)), true)
}

export async function endSession(store: Store, n: number, atMs = NOW_MS): Promise<void> {
  const one = { selector: sampleSelector(n), userId: sampleUserId(n), atMs, events: [] }
  assert.equal(await store.endSession({ ...one, reason: 'logged_out' }), true)
}

/** Hashes and seeds by the numbers under which the samples made them. */
export async function stateOf(store: Store, n = 1): Promise<object | null> {
  const found = await store.findSession(sampleSelector(n))
  if (found === null) return null
  return {
    token: stepOf(found.tokenHash, n),
    next: stepOf(found.pending?.nextHash, n),
    seed: seedStepOf(found.pending?.seed, n),
    renewals: found.renewals,
  }
}

export async function retired(
  store: Store,
  step: number,
): Promise<{ goodUntilMs: number; seed: number | null } | null> {
  const found = await store.findRetiredToken(SELECTOR, sampleTokenHash(1, step))
  return found && { goodUntilMs: found.goodUntilMs, seed: seedStepOf(found.seed, 1) }
}

const STEPS = 30

function stepOf(hash: Uint8Array | undefined, n: number): number | null {
  return hash === undefined ? null : indexOf(hash, (step) => sampleTokenHash(n, step))
}

function seedStepOf(seed: Uint8Array | null | undefined, n: number): number | null {
  return seed == null ? null : indexOf(seed, (step) => sampleRenewal(n, step).seed)
}

function indexOf(bytes: Uint8Array, sample: (step: number) => Uint8Array): number {
  return Array.from({ length: STEPS }, (_, step) => hex(sample(step))).indexOf(hex(bytes))
}

export function hex(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('hex')
}
