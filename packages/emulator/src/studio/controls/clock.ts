import { createStore } from '../store.ts'

/** The emulator's virtual time, and when (real) it was read. */
export const clock = createStore({ iso: '', aheadMs: 0 })

export function setClock(nowMs: number): void {
  clock.set({ iso: new Date(nowMs).toISOString(), aheadMs: nowMs - Date.now() })
}

/** Reads the time once and lets it run on. */
export async function startClock(): Promise<void> {
  const response = await fetch('/_emulator/clock').catch(() => undefined)
  if (response?.ok) {
    const { nowMs }: { nowMs: number } = await response.json()
    setClock(nowMs)
  }
  setInterval(() => {
    const { iso, aheadMs } = clock.get()
    if (iso !== '') clock.set({ iso: new Date(Date.now() + aheadMs).toISOString() })
  }, 1000)
}
