import type { Services } from '../services.ts'

const FRESH_MS = 1_000

/**
 * Whether the store answers, asked at most once a second whoever asks: the public can call `/readyz` too.
 * @returns a function that rejects when the store cannot be read and written
 */
export function createReadiness({ store, clock }: Pick<Services, 'store' | 'clock'>): () => Promise<void> {
  let latest: { readonly askedAtMs: number; readonly outcome: Promise<void> } | null = null
  return () => {
    const nowMs = clock.nowMs()
    const age = latest === null ? FRESH_MS : nowMs - latest.askedAtMs
    if (latest === null || age >= FRESH_MS || age < 0) latest = { askedAtMs: nowMs, outcome: store.check() }
    return latest.outcome
  }
}
