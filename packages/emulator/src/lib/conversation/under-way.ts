import { findSecrets } from './mask.ts'
import type { Reader } from './reader.ts'
import { bodyText } from './render.ts'
import type { Secret } from './secrets.ts'
import type { Kept, SeenMessage } from './sighting.ts'
import { UNKNOWN_BACK_END, type Who } from './who.ts'

/** Calls of phones that wait for their answer. */
export interface UnderWay {
  /** Whether the call carries a code of `wx.login`; then who gets it is a server. */
  begin(kept: Kept): boolean
  /** False where it has ended before. */
  end(exchange: number): boolean
  /** The back end that was called with one of the secrets in this message. */
  holderOf(message: SeenMessage): string
}

function textsOf({ startLine, headers, body }: SeenMessage): string {
  const text = body && bodyText(body)?.text
  return [startLine, ...headers.map(([name, value]) => `${name}: ${value}`), text ?? ''].join('\n')
}

/** `publicCodes`: literal codes that are no secrets and open a login all the same. */
export function createUnderWay(reader: Reader, who: Who, publicCodes: readonly string[]): UnderWay {
  const calls = new Map<number, { origin: string; secrets: ReadonlySet<Secret> }>()
  const secretsIn = (text: string) => findSecrets(reader.known.secrets, text).map(({ secret }) => secret)
  const isIn = (text: string) => (code: string) =>
    text.includes(code) || text.includes(encodeURIComponent(code))
  return {
    begin({ message, exchange, to }) {
      const text = message ? textsOf(message) : ''
      const secrets = new Set(secretsIn(text))
      calls.set(exchange, { origin: to, secrets })
      const issued = [...secrets].filter(({ kind }) => kind === 'code').map(({ value }) => value)
      const codes = [...issued, ...publicCodes.filter(isIn(text))]
      for (const code of codes) who.gotCode(code, to)
      return codes.length > 0
    },
    end: (exchange) => calls.delete(exchange),
    holderOf(message) {
      const carried = secretsIn(textsOf(message))
      const newest = [...calls.values()].reverse()
      return newest.find(({ secrets }) => carried.some((one) => secrets.has(one)))?.origin ?? UNKNOWN_BACK_END
    },
  }
}
