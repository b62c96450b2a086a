import type { Mood } from './moods.ts'

/** Where the app sends a request to; which of these may see a token is judged in watch-origins.ts. */
export type Place =
  | 'path'
  | 'own-url'
  | 'own-port-443'
  | 'upper-case'
  | 'files'
  | 'stranger'
  | 'suffix'
  | 'user-part'
  | 'other-port'
  | 'plain-http'
  | 'backslash'

/** How the app hears of the end of a call. */
export type Style = 'promise' | 'callbacks' | 'both' | 'success alone'

export type Act =
  | {
      readonly do: 'request'
      readonly times: number
      readonly method: 'GET' | 'POST' | 'PUT'
      readonly place: Place
      readonly style: Style
      readonly idempotent?: boolean
      readonly auth?: boolean
      readonly timeoutMs?: number
      readonly abortAfterMs?: number
    }
  | { readonly do: PlainAct }
  | { readonly do: 'pass'; readonly forMs: number }
  | { readonly do: 'end'; readonly reason: EndReason }
  | { readonly do: 'mood'; readonly mood: Mood; readonly forMs: number }
  | { readonly do: 'lose'; readonly way: 'up' | 'down'; readonly times: number; readonly silently: boolean }
  | { readonly do: 'offline'; readonly forMs: number }
  | { readonly do: 'loginFails'; readonly times: number; readonly silently: boolean }
  | { readonly do: 'storage'; readonly state: 'full' | 'broken' | 'well' }
  | { readonly do: 'corruptStorage'; readonly with: number }
  | { readonly do: 'setClock'; readonly skewMs: number }

/** Acts that need no more words. */
export type PlainAct =
  | ('upload' | 'download' | 'connect')
  | ('ready' | 'login' | 'logout' | 'refreshUser' | 'ownWrapper')
  | ('openData' | 'prepareOpenData' | 'bindPhone')
  | ('background' | 'backgroundStalled' | 'foreground' | 'restart' | 'killInBackground')
  | ('ban' | 'unban' | 'forgetSessions' | 'expireKey' | 'wipeStorage')

/** The act of that name. */
export type ActOf<Name extends Act['do']> = Name extends PlainAct
  ? { readonly do: Name }
  : Extract<Act, { readonly do: Name }>

export type EndReason = 'replaced' | 'revoked_by_user' | 'revoked_by_admin' | 'user_deleted' | 'logged_out'

export interface Step {
  /** Passes before the act. */
  readonly waitMs: number
  readonly act: Act
}

/** All that decides a run: the same story runs alike every time. */
export interface Story {
  /** Microtasks as the language has it, or a macrotask for each reaction, as on iOS up to 15. */
  readonly promises: 'microtasks' | 'macrotasks'
  /** `bare`: callbacks and nothing else, no task; `taro`: a Promise too, which rejects. */
  readonly wx: 'native' | 'bare' | 'taro'
  /** Whether the server that authenticates has an origin of its own. */
  readonly ownAuthUrl: boolean
  /** What of a refusal gets through. */
  readonly dress: 'both' | 'header' | 'body' | 'header-and-html'
  readonly headerCase: 'usual' | 'lower' | 'title'
  /** Base library 2.15.0 and up. */
  readonly hasRandom: boolean
  /** Whether each `wx.login` makes a new session_key. */
  readonly rotatesKeys: boolean
  /** The phone's clock, before or behind the world's. */
  readonly skewMs: number
  /** What lies in Storage from before. */
  readonly leftover: 'nothing' | 'classic-live' | 'classic-dead' | 'garbage'
  /** 1154: opened from Moments, where there is no login. */
  readonly scene: number
  /** How long each leg of each way takes, over and over. */
  readonly delaysMs: readonly number[]
  readonly steps: readonly Step[]
}

export const PLAIN: Story = {
  promises: 'microtasks',
  wx: 'native',
  ownAuthUrl: false,
  dress: 'both',
  headerCase: 'usual',
  hasRandom: true,
  rotatesKeys: true,
  skewMs: 0,
  leftover: 'nothing',
  scene: 1001,
  delaysMs: [],
  steps: [],
}
