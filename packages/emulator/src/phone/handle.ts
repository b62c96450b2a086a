/** What the phone in a frame lets its page do to it: `frame.contentWindow.yaopaiPhone`. */
export interface PhoneHandle {
  /** The id that its calls carry: `phone:1`. */
  readonly id: string
  readonly user: string
  readonly device: string
  /** Path of the page on top; empty until it is shown. */
  route(): string
  /** As the home button does; back after it with `toForeground`. */
  toBackground(): void
  toForeground(): void
  /** Thrown out of memory and started again; `wipe`: with its storage cleared, as on a new phone. */
  restart(options?: { wipe?: boolean }): void
  setOffline(offline: boolean): void
  /** As `wx.phone.loseNextAnswer` of the package's `wx`. */
  loseNextAnswer(api: string): void
  setDark(dark: boolean): void
  /** What went wrong in it, newest last; see the compiler's `Problem`. */
  problems(): readonly { file: string; line?: number | undefined; message: string }[]
  /** Told of every change of the above. Returns what stops it. */
  onChange(listener: () => void): () => void
}

declare global {
  interface Window {
    yaopaiPhone?: PhoneHandle
  }
}
