import type { ServerResponse } from 'node:http'
import type { StoredSession } from '../records.ts'
import { type Answer, SECURITY_HEADERS } from './answer.ts'

/** Answers that differ in nothing but their request id, kept as they go out. */
export interface PreparedAnswers {
  /** Sends the whole answer of a session's state. */
  send(session: StoredSession, requestId: string, outgoing: ServerResponse): Answer
}

interface Prepared {
  /** A store that remembers hands out the same object as long as nothing has changed. */
  readonly session: StoredSession
  readonly answer: Answer
  /** Names and values in turns; the value of the request id is put in its place each time. */
  readonly head: string[]
  readonly body: string
  readonly encoding: 'latin1' | 'utf8'
}

/** About a kilobyte each. */
const MAX_KEPT = 16_384

export function createPreparedAnswers(answerOf: (session: StoredSession) => Answer): PreparedAnswers {
  const kept = new Map<number, Prepared>()
  return {
    send(session, requestId, outgoing) {
      const known = kept.get(session.selector)
      const prepared = known?.session === session ? known : keep(kept, prepare(session, answerOf(session)))
      const { head, body, encoding, answer } = prepared
      head[ID_AT] = requestId
      outgoing.writeHead(200, head)
      outgoing.end(body, encoding)
      return answer
    },
  }
}

/** All are forgotten at once when they are too many: the ones in use are soon there again. */
function keep(kept: Map<number, Prepared>, prepared: Prepared): Prepared {
  if (kept.size >= MAX_KEPT) kept.clear()
  kept.set(prepared.session.selector, prepared)
  return prepared
}

/** The request id is the first header here, so that its value has one place in all of them. */
const ID_AT = 1

const SHARED = Object.entries(SECURITY_HEADERS).flat()

function prepare(session: StoredSession, answer: Answer): Prepared {
  if (answer.kind !== 'answer' || answer.status !== 200) throw new Error('Only a plain 200 is prepared')
  const body = answer.body ?? ''
  const length = Buffer.byteLength(body)
  const head = ['X-Request-Id', '', ...SHARED]
  for (const name in answer.headers) head.push(name, answer.headers[name] ?? '')
  if (answer.headers['Content-Length'] === undefined) head.push('Content-Length', String(length))
  return { session, answer, head, body, encoding: length === body.length ? 'latin1' : 'utf8' }
}
