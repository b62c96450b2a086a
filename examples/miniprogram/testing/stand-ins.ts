// Stand-ins for what the pages talk to: the phone's own dialogs, and the client, over answers that a test gives.
import type { UserView, Yaopai } from '../../../packages/miniprogram/src/types.ts'

export const ALICE: UserView = {
  id: 'usr_0ekWjhlYfu9tRkYz' as UserView['id'],
  nickname: '小明',
  avatarUrl: null,
  phone: null,
  createdAt: '2026-03-05T12:00:00.000Z',
}

type Asked = { readonly success?: (answer: { confirm: boolean }) => void } & Record<string, unknown>

/** The dialogs of `wx`, which a test reads and answers. */
export function standInDialogs({ language = 'zh_CN', isSure = true } = {}) {
  const told: string[] = []
  const titles: string[] = []
  return {
    /** What was said, oldest first. */
    told,
    titles,
    wx: {
      getAppBaseInfo: () => ({ language }),
      getAccountInfoSync: () => ({ miniProgram: { appId: 'wxa1b2c3d4e5f60718', envVersion: 'develop' } }),
      setNavigationBarTitle: ({ title }: { title: string }) => void titles.push(title),
      showToast: ({ title }: { title: string }) => void told.push(title),
      showModal: ({ success, ...words }: Asked) => {
        told.push(`${words['title']}: ${words['content']}`)
        success?.({ confirm: isSure })
      },
      stopPullDownRefresh: () => {},
    },
  }
}

/** An error as the client rejects with. */
export function refused(code: string, errorClass: string): Error {
  return Object.assign(new Error(code), { code, class: errorClass })
}

export interface StandInAnswer {
  readonly statusCode: number
  readonly data: unknown
}

type Handler = (sent: Record<string, unknown>) => StandInAnswer | Error | Promise<StandInAnswer>

export interface StandInOptions {
  user?: UserView | null
  signedOut?: string | null
  /** By method and path: `GET /whoami`. */
  readonly routes?: Record<string, Handler>
  ready?: () => Promise<void>
  login?: () => Promise<UserView>
}

export const ok = (data: unknown, statusCode = 200): StandInAnswer => ({ statusCode, data })

/** The client, as its types have it, and what it was asked for. */
export function standInYaopai(options: StandInOptions = {}) {
  const { routes = {} } = options
  const calls: string[] = []
  const sent: Record<string, unknown>[] = []
  const listeners = new Set<(event: { code: string }) => void>()
  const answer = async (method: string, request: Record<string, unknown>) => {
    const name = `${method} ${String(request['url']).replace(/^https?:\/\/[^/]+/, '')}`
    calls.push(name)
    sent.push(request)
    const given = (await routes[name]?.(request)) ?? {
      statusCode: 404,
      data: { code: 'not_found', class: 'input' },
    }
    if (given instanceof Error) throw given
    return { ...given, header: {} }
  }
  const yaopai = {
    authUrl: 'http://127.0.0.1:8787',
    get user() {
      return options.user ?? null
    },
    get signedOut() {
      return options.signedOut ?? null
    },
    ready: () => {
      calls.push('ready')
      return options.ready ? options.ready() : Promise.resolve()
    },
    login: () => {
      calls.push('login')
      options.signedOut = null
      options.user ??= ALICE
      return options.login ? options.login() : Promise.resolve(options.user)
    },
    logout: () => {
      calls.push('logout')
      Object.assign(options, { user: null, signedOut: 'logged_out' })
      return Promise.resolve(true)
    },
    refreshUser: () => {
      calls.push('refreshUser')
      return Promise.resolve(options.user ?? ALICE)
    },
    request: (request: Record<string, unknown>) => answer(String(request['method'] ?? 'GET'), request),
    upload: (request: Record<string, unknown>) => answer('UPLOAD', request),
    onSignedOut: (listener: (event: { code: string }) => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  } satisfies Partial<Record<keyof Yaopai, unknown>>
  return {
    yaopai,
    calls,
    sent,
    options,
    /** Somebody ends this login elsewhere. */
    signOut: (code: string) => {
      Object.assign(options, { user: null, signedOut: code })
      for (const listener of listeners) listener({ code })
    },
    listeners: () => listeners.size,
  }
}
