import type { Arrow } from '../../lib/conversation/arrow.ts'
import type { Text } from '../words/text.ts'
import type { Wanted } from './wanted.ts'

/** What a story does to the phones and to the world around them. */
export interface Stage {
  /** A phone in the hands of this user, on this device, with the example's first page on it. */
  bring(id: 1 | 2, user: string, device: string): Promise<void>
  /** Logged in, whatever it was before. */
  loggedIn(id: number): Promise<void>
  putAway(): void
  /** Presses what has one of these texts, as soon as it is there. */
  tap(id: number, texts: readonly string[]): Promise<void>
  /** Says yes to the dialog that is asked. */
  confirm(id: number): Promise<void>
  /** Waits until one of these texts is on the screen. */
  see(id: number, texts: readonly string[]): Promise<void>
  /** Away and back again: the page on top asks anew. */
  comeBack(id: number): void
  restart(id: number, options?: { wipe?: boolean; loseFirstAnswer?: boolean }): Promise<void>
  /** The running program's own `wx` and what `getApp()` gives it. */
  wx(id: number): Wx
  app(id: number): ExampleApp
  letTimePass(seconds: number): Promise<void>
  endSession(user: string, as: 'user' | 'admin'): Promise<void>
  rotateKey(user: string): Promise<void>
  weChatIsDown(isDown: boolean): Promise<void>
  /** The value behind a secret's name. */
  secret(name: string): Promise<string>
}

interface RequestOptions {
  url: string
  method?: string
  data?: object
  header?: Record<string, string>
}

/** So much of `wx` as stories use. */
export interface Wx {
  login(): Promise<{ code: string }>
  request(options: RequestOptions): Promise<{ statusCode: number; data: unknown }>
}

/** So much of the example's app as stories use. */
export interface ExampleApp {
  yaopai: { token(): string | null; authUrl: string; baseUrl: string }
  shop: { whoami(): Promise<unknown> }
}

export interface Step {
  say: Text
  act?: (stage: Stage, heard: readonly Arrow[]) => Promise<unknown> | undefined
  /** Arrows that must come before it goes on, in any order. */
  until?: readonly Wanted[]
}

/** `example`: the mini program of this project; `dev`: a server that can be moved. */
export type Need = 'example' | 'dev'

export interface Story {
  id: string
  /** One character for its seal. */
  mark: string
  title: Text
  teaser: Text
  needs: readonly Need[]
  steps: readonly Step[]
  conclusion: Text
  /** The arrow whose reason the conclusion quotes. */
  quotes?: Wanted
}
