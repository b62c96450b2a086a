/** A `wx` that answers at once, in a microtask: what is measured with it is the client's own work. */
export interface InstantWx {
  login(options: Callbacks): void
  checkSession(options: Callbacks): void
  request(options: Callbacks & { url: string }): { abort(): void }
  getStorageSync(key: string): unknown
  setStorageSync(key: string, data: unknown): void
  removeStorageSync(key: string): void
}

interface Callbacks {
  success?: (result: unknown) => void
  fail?: (failure: unknown) => void
}

const DAY_MS = 86_400_000
const TOKEN = `yp1_${'A'.repeat(58)}`

export function createInstantWx(): InstantWx {
  const storage = new Map<string, unknown>()
  const tell = ({ success }: Callbacks, result: unknown) => queueMicrotask(() => success?.(result))
  const task = { abort() {} }
  const order = { statusCode: 200, header: { 'Content-Type': 'application/json' }, data: { id: 1 } }
  const loginAnswer = { statusCode: 200, header: {}, data: loginView() }
  return {
    login: (options) => tell(options, { code: '0'.repeat(32) }),
    checkSession: (options) => tell(options, {}),
    request(options) {
      tell(options, options.url.endsWith('/login') ? loginAnswer : order)
      return task
    },
    getStorageSync: (key) => storage.get(key) ?? '',
    setStorageSync: (key, data) => void storage.set(key, data),
    removeStorageSync: (key) => void storage.delete(key),
  }
}

function loginView(): object {
  const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString()
  const user = { id: 'usr_1', nickname: null, avatarUrl: null, phone: null, createdAt: inDays(0) }
  const session = {
    id: 'ses_1',
    appid: 'wx1',
    createdAt: inDays(0),
    expiresAt: inDays(30),
    idleSeconds: 259_200,
  }
  return { token: TOKEN, expiresAt: inDays(30), renewAfter: inDays(20), idleSeconds: 259_200, session, user }
}
