import { setTimeout as sleep } from 'node:timers/promises'
import { USABLE_MS } from '../lib/store/cached/recall.ts'

/**
 * Resolves when what was just written counts on every server of this book: none may use what it remembers for longer
 * than this without having asked for changes.
 */
export async function untilEverywhere(): Promise<void> {
  await sleep(USABLE_MS)
}
