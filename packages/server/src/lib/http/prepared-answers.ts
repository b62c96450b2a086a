import type { ServerResponse } from 'node:http'
import type { AuthenticateNow } from '../authenticate.ts'
import type { RecalledSession } from '../store/recalled-session.ts'
import { type Answer, SECURITY_HEADERS } from './answer.ts'

/** An answer as it goes out, but for its request id. */
export interface Prepared {
  readonly recalled: RecalledSession
  readonly answer: Answer
  /** The headers that not every answer has, names and values in turns. */
  readonly own: readonly string[]
  readonly body: string
  readonly encoding: 'latin1' | 'utf8'
}

/** Answers to those who ask again and again. */
export interface PreparedAnswers {
  /**
   * Whoever presents this is let in, and counted. Null: that is for the door to judge.
   * @param bearer `Bearer ` and the token, as it came: a piece of it would have to be copied before it can be looked up
   */
  find(bearer: string): Prepared | null
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
  const head = [...SHARED]
  return {
    find(bearer) {
      const known = kept.get(bearer)
      if (known !== undefined && authenticateNow.again(known.recalled)) return known
      const recalled = authenticateNow(bearer.slice(SCHEME.length))
      if (recalled === null) return null
      const prepared = prepare(recalled, answerOf(recalled))
      if (isKept) keep(kept, bearer, prepared)
      return prepared
    },
    send({ own, body, encoding }, requestId, outgoing) {
      fill(head, own, requestId)
      outgoing.writeHead(200, head)
      outgoing.end(body, encoding)
    },
  }
}

export const SCHEME = 'Bearer '

/** All are forgotten at once when they are too many: the ones in use are soon there again. */
function keep(kept: Map<string, Prepared>, bearer: string, prepared: Prepared): void {
  if (kept.size >= MAX_KEPT) kept.clear()
  kept.set(bearer, prepared)
}

/** The request id is the first header here, so that its value has one place in all of them. */
const ID_AT = 1

const SHARED = ['X-Request-Id', '', ...Object.entries(SECURITY_HEADERS).flat()]

/**
 * One list for all that is sent: Node reads it at once. An old list for each answer would have to be looked through by
 * each small garbage collection, and keep the last request id alive.
 */
function fill(head: string[], own: readonly string[], requestId: string): void {
  head[ID_AT] = requestId
  const length = SHARED.length + own.length
  if (head.length !== length) head.length = length
  for (let at = 0; at < own.length; at += 1) head[SHARED.length + at] = own[at] ?? ''
}

function prepare(recalled: RecalledSession, answer: Answer): Prepared {
  if (answer.kind !== 'answer' || answer.status !== 200) throw new Error('Only a plain 200 is prepared')
  const body = answer.body ?? ''
  const length = Buffer.byteLength(body)
  const own: string[] = []
  for (const name in answer.headers) own.push(name, answer.headers[name] ?? '')
  if (answer.headers['Content-Length'] === undefined) own.push('Content-Length', String(length))
  return { recalled, answer, own, body, encoding: length === body.length ? 'latin1' : 'utf8' }
}
