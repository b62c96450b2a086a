export type StorageState = 'well' | 'full' | 'broken'

/** The mini program's Storage: outlives the app, and may be full, broken, wiped or damaged. */
export interface Storage {
  readonly state: StorageState
  /** When it was last unable, or was tampered with; what was written before that may be lost or stale. */
  become(state: StorageState): void
  get(key: string): unknown
  set(key: string, value: unknown): void
  remove(key: string): void
  /** What was there before the client came. */
  seed(key: string, value: unknown): void
  wipe(): void
  /** Puts damage in the place of each value. */
  corrupt(kind: number): void
  keys(): string[]
}

/** What may stand where our own record stood: cut off, of another version, of another program. */
const DAMAGE: readonly unknown[] = [
  '',
  '{"v":1,"tok',
  42,
  true,
  null,
  [],
  {},
  { v: 1 },
  { v: 1, rev: 'x', token: 7 },
  { v: 1, rev: 1e15, token: 'yp1_short' },
  { v: 2, rev: 1, token: {} },
  { v: 1, token: 'yp1_short', renewAtMs: 'never' },
  { v: 1, rev: Number.NaN, user: 'somebody' },
]

export const DAMAGE_KINDS = DAMAGE.length

export function createStorage(onWrite: (key: string, value: unknown) => void): Storage {
  const values = new Map<string, string>()
  let state: StorageState = 'well'
  return {
    get state() {
      return state
    },
    become(next) {
      state = next
    },
    get(key) {
      if (state === 'broken') throw new Error('getStorageSync:fail internal error')
      const text = values.get(key)
      return text === undefined ? '' : JSON.parse(text)
    },
    set(key, value) {
      onWrite(key, value)
      if (state === 'broken') throw new Error('setStorageSync:fail internal error')
      if (state === 'full') throw new Error('setStorageSync:fail exceed storage max size 10Mb')
      values.set(key, JSON.stringify(value) ?? 'null')
    },
    remove(key) {
      if (state === 'broken') throw new Error('removeStorageSync:fail internal error')
      values.delete(key)
    },
    seed: (key, value) => void values.set(key, JSON.stringify(value)),
    wipe: () => values.clear(),
    corrupt(kind) {
      const damage = JSON.stringify(DAMAGE[kind % DAMAGE.length])
      for (const key of values.keys()) values.set(key, damage)
    },
    keys: () => [...values.keys()],
  }
}
