export interface Dialled {
  url: string
  protocols: string[]
  headers: Headers
}

/** How a connection ended. */
export interface Ending {
  /** 1006 where nobody said goodbye. */
  code: number
  reason: string
  /** Status of an answer that was no 101, where there was an answer. */
  refusedWith: number | undefined
  /** Of the network or of TLS, where there was no answer. */
  error: Error | undefined
}

export interface LineEvents {
  opened(headers: Headers): void
  message(data: string | ArrayBuffer): void
  /** Once; nothing comes after it. */
  ended(ending: Ending): void
}

/** A connection that is open, or on its way there. */
export interface Line {
  send(data: string | ArrayBuffer): void
  close(code: number, reason: string): void
  /** Without a goodbye. */
  cut(): void
}

/**
 * Opens a WebSocket over a connection of its own. Each platform has its own way; see dial.ts for Node's.
 *
 * @throws {Error} where the URL or the protocols make no sense
 */
export type Dial = (dialled: Dialled, events: LineEvents) => Line
