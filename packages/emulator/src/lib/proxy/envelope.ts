// Both ends of the wire between the phone in the browser and the proxy use this file, so it knows neither Node nor the DOM.

/** What a mini program asked for. It travels in a header: the browser would not let a page set Referer, Cookie or Host. */
export interface Envelope {
  /** `request`, `uploadFile` or `downloadFile`. */
  api: string
  method: string
  url: string
  headers: [name: string, value: string][]
  redirect: 'follow' | 'manual' | 'error'
  /** The phone will not see the answer: a test or a story ordered its loss. */
  isLost: boolean
}

/** The head of the server's answer. The body follows as it came, and so does Content-Encoding. */
export interface AnswerHead {
  status: number
  statusText: string
  headers: [name: string, value: string][]
}

/** Why there is no answer: the code of the error that `fetch` would have as its `cause`. */
export interface SendFailure {
  code: string
  message: string
}

/** A phone that calls: `phone:1;user=alice;device=phone`. */
export interface PhoneIdentity {
  /** Such as `phone:1`. */
  id: string
  user: string
  device: string
}

export const SEND_PATH = '/_emulator/phone/send'
export const PHONE_HEADER = 'x-yaopai-phone'
export const ENVELOPE_HEADER = 'x-yaopai-send'
export const ANSWER_HEADER = 'x-yaopai-answer'
export const FAILURE_HEADER = 'x-yaopai-failure'

/** JSON in the letters that a header may hold: base64url. */
export function pack(value: object): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/**
 * What `pack` made.
 *
 * @throws {Error} where it is none of that
 */
export function unpack(text: string): unknown {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
}

/** For the header; names that are no ASCII are percent-encoded. */
export function phoneHeader({ id, user, device }: PhoneIdentity): string {
  return `${id};user=${encodeURIComponent(user)};device=${encodeURIComponent(device)}`
}

/** The phone that a header names, or undefined where it names none. */
export function readPhoneHeader(header: string | undefined): PhoneIdentity | undefined {
  const match = /^(phone:[\w-]{1,64});user=([^;]{1,1200});device=([^;]{1,1200})$/.exec(header ?? '')
  if (!match) return undefined
  const [, id = '', user = '', device = ''] = match
  try {
    return { id, user: decodeURIComponent(user), device: decodeURIComponent(device) }
  } catch {
    return undefined
  }
}
