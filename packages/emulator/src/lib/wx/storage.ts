import { failWith, type Host, type Outcome, succeed, twoStyles, type WxResult } from './callbacks.ts'

/** Longest key and value together, in characters: 1 MB. */
export const ENTRY_LIMIT = 1_048_576
/** All keys and values together: 10 MB. */
export const TOTAL_LIMIT = 10_485_760

/** What a test can do to the storage of a phone. */
export interface StorageSwitches {
  /** true: every write fails as on a full phone. */
  full: boolean
  /** true: every read fails. */
  unreadable: boolean
  /** Puts garbage in the place of one value, or of all. */
  corrupt(key?: string): void
  /** As when WeChat clears the mini program for lack of space. */
  wipe(): void
}

/** Where values lie, as text. Hand the same map to the next wx object to play a restart. */
export type StorageMap = Map<string, string>

type Stored = WxResult & { data: unknown }
type Info = { keys: string[]; currentSize: number; limitSize: number }

function encode(data: unknown): string {
  if (data instanceof Date) return `date:${data.getTime()}`
  return `json:${JSON.stringify(data) ?? '""'}`
}

function decode(text: string): unknown {
  const value = text.slice(5)
  if (text.startsWith('date:')) return new Date(Number(value))
  return text.startsWith('json:') ? JSON.parse(value) : text
}

function sizeOf(map: StorageMap): number {
  return [...map].reduce((sum, [key, text]) => sum + key.length + text.length - 5, 0)
}

/** The reason why this may not be written, or undefined. */
function refusal(map: StorageMap, switches: StorageSwitches, key: unknown, text: string): string | undefined {
  if (typeof key !== 'string' || key === '')
    return ' parameter error: parameter.key should be a non-empty String'
  const length = key.length + text.length - 5
  if (length > ENTRY_LIMIT) return ':entry size limit reached'
  const old = map.get(key)
  const freed = old === undefined ? 0 : key.length + old.length - 5
  if (switches.full || sizeOf(map) - freed + length > TOTAL_LIMIT) return ' exceed storage max size 10Mb'
  return undefined
}

function makeSwitches(map: StorageMap): StorageSwitches {
  return {
    full: false,
    unreadable: false,
    corrupt(key) {
      const keys = key === undefined ? [...map.keys()] : [key]
      for (const one of keys) map.set(one, '\ufffd{"broken')
    },
    wipe: () => map.clear(),
  }
}

function syncStorage(host: Host, map: StorageMap, switches: StorageSwitches) {
  const guardRead = (api: string) => {
    if (switches.unreadable) throw new Error(`${api}:fail internal error`)
  }
  return {
    setStorageSync(key: string, data: unknown): void {
      const text = encode(data)
      const reason = refusal(map, switches, key, text)
      if (reason !== undefined) throw new Error(`setStorageSync:fail${reason}`)
      if (!host.state.killed) map.set(key, text)
    },
    /** The value, or an empty string where there is none. */
    getStorageSync(key: string): unknown {
      guardRead('getStorageSync')
      const text = map.get(key)
      return text === undefined ? '' : decode(text)
    },
    removeStorageSync(key: string): void {
      if (!host.state.killed) map.delete(key)
    },
    clearStorageSync(): void {
      if (!host.state.killed) map.clear()
    },
    getStorageInfoSync(): Info {
      guardRead('getStorageInfoSync')
      return {
        keys: [...map.keys()],
        currentSize: Math.ceil(sizeOf(map) / 1024),
        limitSize: TOTAL_LIMIT / 1024,
      }
    },
  }
}

/** Runs the sync twin and tells its failure under the async name. */
function outcomeOf<R extends WxResult>(api: string, run: () => R): Outcome<R> {
  try {
    return succeed(run())
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    return { ok: false, failure: { errMsg: text.replace(/^\w+Sync:/, `${api}:`) } }
  }
}

function done(api: string, run: () => void): Outcome<WxResult> {
  return outcomeOf(api, () => {
    run()
    return { errMsg: `${api}:ok` }
  })
}

function asyncStorage(host: Host, map: StorageMap, sync: ReturnType<typeof syncStorage>) {
  const read = (key: string): Outcome<Stored> => {
    const outcome = outcomeOf('getStorage', () => ({
      errMsg: 'getStorage:ok',
      data: sync.getStorageSync(key),
    }))
    return outcome.ok && !map.has(key) ? failWith('getStorage', 'data not found') : outcome
  }
  const readInfo = (): Outcome<WxResult & Info> =>
    outcomeOf('getStorageInfo', () => ({ errMsg: 'getStorageInfo:ok', ...sync.getStorageInfoSync() }))
  return {
    setStorage: twoStyles(host, async ({ key, data }: { key: string; data?: unknown }) =>
      done('setStorage', () => sync.setStorageSync(key, data)),
    ),
    getStorage: twoStyles(host, async ({ key }: { key: string }) => read(key)),
    removeStorage: twoStyles(host, async ({ key }: { key: string }) =>
      done('removeStorage', () => sync.removeStorageSync(key)),
    ),
    clearStorage: twoStyles<WxResult, object>(host, async () =>
      done('clearStorage', () => sync.clearStorageSync()),
    ),
    getStorageInfo: twoStyles<WxResult & Info, object>(host, async () => readInfo()),
  }
}

/** `wx.setStorage` and its kin, sync and async, with WeChat's quotas. */
export function storageApi(host: Host, map: StorageMap) {
  const switches = makeSwitches(map)
  const sync = syncStorage(host, map, switches)
  return { api: { ...sync, ...asyncStorage(host, map, sync) }, switches }
}
