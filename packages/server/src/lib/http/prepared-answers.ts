import type { ServerResponse } from 'node:http'
import type { AuthenticateNow } from '../authenticate.ts'
import type { RecalledSession } from '../store/recalled-session.ts'
import { type Answer, SECURITY_HEADERS } from './answer.ts'

/** An answer as it goes out, but for its request id. */
export interface Prepared {
  readonly recalled: RecalledSession
  readonly answer: Answer
  /** Names and values in turns; the value of the request id is put in its place each time. */
  readonly head: string[]
  readonly body: string
  readonly encoding: 'latin1' | 'utf8'
}

/** Answers to those who ask again and again. */
export interface PreparedAnswers {
  /** Whoever presents this token is let in, and counted. Null: that is for the door to judge. */
  find(token: string): Prepared | null
  send(prepared: Prepared, requestId: string, outgoing: ServerResponse): void
}

/** About a kilobyte each. */
const MAX_KEPT = 16_384

/**
 * Where the store remembers, answers are kept by the token that they were made for, and used while nothing about its
 * session has changed. Bare tokens so lie in this process's memory, as those of requests under way do, and nowhere else.
 */
export function createPreparedAnswers(
  authenticateNow: AuthenticateNow,
  {
    isKept,
    answerOf,
  }: { readonly isKept: boolean; readonly answerOf: (recalled: RecalledSession) => Answer },
): PreparedAnswers {
  const kept = new Map<string, Prepared>()
  return {
    find(token) {
      const known = kept.get(token)
      if (known !== undefined && authenticateNow.again(known.recalled)) return known
      const recalled = authenticateNow(token)
      if (recalled === null) return null
      const prepared = prepare(recalled, answerOf(recalled))
      if (isKept) keep(kept, token, prepared)
      return prepared
    },
    send({ head, body, encoding }, requestId, outgoing) {
      head[ID_AT] = requestId
      outgoing.writeHead(200, head)
      outgoing.end(body, encoding)
    },
  }
}

/** All are forgotten at once when they are too many: the ones in use are soon there again. */
function keep(kept: Map<string, Prepared>, token: string, prepared: Prepared): void {
  if (kept.size >= MAX_KEPT) kept.clear()
  kept.set(token, prepared)
}

/** The request id is the first header here, so that its value has one place in all of them. */
const ID_AT = 1

const SHARED = Object.entries(SECURITY_HEADERS).flat()

function prepare(recalled: RecalledSession, answer: Answer): Prepared {
  if (answer.kind !== 'answer' || answer.status !== 200) throw new Error('Only a plain 200 is prepared')
  const body = answer.body ?? ''
  const length = Buffer.byteLength(body)
  const head = ['X-Request-Id', '', ...SHARED]
  for (const name in answer.headers) head.push(name, answer.headers[name] ?? '')
  if (answer.headers['Content-Length'] === undefined) head.push('Content-Length', String(length))
  return { recalled, answer, head, body, encoding: length === body.length ? 'latin1' : 'utf8' }
}
