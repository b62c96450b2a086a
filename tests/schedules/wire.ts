/** A request as it leaves the phone. */
export interface Sent {
  readonly id: number
  readonly kind: 'request' | 'upload' | 'download' | 'connect'
  readonly url: string
  readonly method: string
  readonly token: string | null
  readonly data: unknown
  /** Which call of the app it belongs to; null: one of the client's own. */
  readonly call: number | null
  /** Sent by the app's own wrapper, not by the client. */
  readonly isWrapper: boolean
}

export interface Answer {
  readonly status: number
  readonly body: string
  readonly header: Record<string, string>
}
