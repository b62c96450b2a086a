import type { StorageMap } from '../../lib/wx/storage.ts'

/** What the user has allowed or refused this mini program, by name. */
export interface PermitStore {
  get(name: string): boolean | undefined
  set(name: string, isAllowed: boolean): void
  all(): Record<string, boolean>
}

export function createPermits(map: StorageMap): PermitStore {
  return {
    get: (name) => (map.has(name) ? map.get(name) === 'yes' : undefined),
    set: (name, isAllowed) => void map.set(name, isAllowed ? 'yes' : 'no'),
    all: () => Object.fromEntries([...map].map(([name, answer]) => [name, answer === 'yes'])),
  }
}
