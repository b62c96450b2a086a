import type { CallRecord } from './calls.ts'
import { isOwn } from './places.ts'
import type { Answer, Sent } from './wire.ts'

/** Rule 7. */
export function judgeAddress(sent: Sent, complain: (text: string) => void): void {
  if (/yp1_/.test(sent.url)) complain('[7] a token in an address')
  if (sent.token !== null && !isOwn(sent.url)) {
    complain(`[7] the token went to ${sent.url}`)
  }
}

/** Rule 3. */
export function judgeSends(calls: readonly CallRecord[], sent: Sent, complain: (text: string) => void): void {
  const call = sent.call === null || sent.isWrapper ? undefined : calls[sent.call]
  if (call === undefined) return
  call.sends += 1
  const allowed = call.isIdempotent ? 2 : 1
  if (call.sends > allowed) complain(`[3] ${call.what} was sent ${call.sends} times`)
}

export function tokenIn(answer: Answer): unknown {
  return answer.body.startsWith('{"token"') ? Object(JSON.parse(answer.body)).token : null
}

/** What Yaopai says with an answer, as far as the client can see it: of a download it gets no body. */
export function classOf(sent: Pick<Sent, 'kind'>, { status, header, body }: Answer): string | null {
  if (status !== 401 && status !== 403) return null
  const inHeader = /yaopai_class="(\w+)"/.exec(header['WWW-Authenticate'] ?? '')?.[1]
  if (inHeader !== undefined) return inHeader
  if (sent.kind === 'download' || !body.startsWith('{')) return null
  const inBody: unknown = Object(JSON.parse(body)).class
  return typeof inBody === 'string' ? inBody : null
}
