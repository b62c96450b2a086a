import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { ArrowKind } from '../conversation/arrow.ts'
import { createBodyKeeper, type KeptBody } from '../conversation/kept-body.ts'
import { judgeAnswer, requestLabel } from '../conversation/observe.ts'
import type { PhoneCall } from '../conversation/recorder.ts'
import type { Sighting } from '../conversation/sighting.ts'
import { type Machine, nowMs } from '../machine.ts'
import { networkReason } from '../wx/wire.ts'
import type { Route } from './backends.ts'
import { ANSWER_HEADER, type Envelope, FAILURE_HEADER, type PhoneIdentity, pack } from './envelope.ts'
import { endToEnd, fromPhone, type HeaderPair, headerValue } from './headers.ts'
import type { Answered, Line } from './line.ts'
import { REDIRECT_LIMIT, redirected, type Step } from './redirect.ts'
import type { Upload } from './upload.ts'

/** One call of a mini program, from the phone to the last answer. */
export interface Journey {
  machine: Machine
  phone: PhoneIdentity
  envelope: Envelope
  upload: Upload
  line: Line
  route(url: URL): Route
  res: ServerResponse
  signal: AbortSignal
}

/** A step that was sent, and who remembers it. */
interface Sent {
  step: Step
  answered: Answered
  call: PhoneCall
}

const KINDS: Readonly<Record<string, ArrowKind>> = {
  uploadFile: 'wx.uploadFile',
  downloadFile: 'wx.downloadFile',
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}

function callSighting({ phone, envelope, upload, machine }: Journey, step: Step): Sighting {
  const { method, url, headers } = step
  const body = step.hasBody
    ? upload.kept(headerValue(headers, 'content-type'), headerValue(headers, 'content-encoding'))
    : undefined
  return {
    kind: KINDS[envelope.api] ?? 'wx.request',
    from: machine.conversation.who.phone(phone),
    to: url.origin,
    label: requestLabel(method, url),
    message: { startLine: `${method} ${url.href}`, headers, body },
  }
}

function answerSighting(journey: Journey, { step, answered, call }: Sent, body: KeptBody): Sighting {
  const { status, statusText, headers } = answered
  const message = { startLine: `${status} ${statusText}`.trim(), headers, body }
  const judged = judgeAnswer(status, statusText, message)
  return {
    kind: KINDS[journey.envelope.api] ?? 'wx.request',
    from: step.url.origin,
    to: journey.phone.id,
    ...judged,
    ...(journey.envelope.isLost ? { outcome: 'lost' } : {}),
    message,
    place: call.isLogin ? 'login-answer' : 'elsewhere',
  }
}

function failureSighting(journey: Journey, step: Step, error: unknown): Sighting {
  const reason = journey.signal.aborted ? 'abort' : networkReason(new TypeError('', { cause: error }))
  return {
    kind: KINDS[journey.envelope.api] ?? 'wx.request',
    from: step.url.origin,
    to: journey.phone.id,
    label: reason,
    outcome: 'failed',
    reason: `${journey.envelope.api}:fail ${reason}`,
  }
}

function bodyOf(
  { upload }: Journey,
  step: Step,
  isFirst: boolean,
): Buffer | AsyncIterable<Buffer> | undefined {
  if (!step.hasBody) return undefined
  return isFirst ? upload.source : upload.again()
}

function routed(journey: Journey, step: Step): URL {
  const route = journey.route(step.url)
  if (!route.ok) throw failure(route.code, route.message)
  if (route.url.origin !== step.url.origin)
    journey.machine.conversation.who.sentTo(step.url.origin, route.url.origin)
  return route.url
}

/** Sends one step. The arrow is drawn when the server has all of it, or at the latest when it answers or fails. */
async function sendStep(journey: Journey, step: Step, isFirst: boolean): Promise<Sent> {
  const { machine, upload, line, signal } = journey
  let call: PhoneCall | undefined
  const draw = () => (call ??= machine.conversation.phoneCall(callSighting(journey, step)))
  try {
    const url = routed(journey, step)
    upload.onPassed(draw)
    const { method, headers } = step
    const body = bodyOf(journey, step, isFirst)
    const answered = await line.send({ method, url, headers, body, lengthBytes: upload.lengthBytes }, signal)
    return { step, answered, call: draw() }
  } catch (error) {
    draw().answer(failureSighting(journey, step, error))
    throw error
  }
}

/** Reads an answer that nobody waits for. */
async function drained(journey: Journey, sent: Sent): Promise<void> {
  const keeper = createBodyKeeper()
  try {
    for await (const chunk of sent.answered.body) keeper.add(chunk)
  } catch (error) {
    sent.call.answer(failureSighting(journey, sent.step, error))
    throw error
  }
  sent.call.answer(answerSighting(journey, sent, keptOf(sent.answered, keeper.kept)))
}

function keptOf({ headers }: Answered, kept: ReturnType<typeof createBodyKeeper>['kept']): KeptBody {
  return kept(headerValue(headers, 'content-type'), headerValue(headers, 'content-encoding'))
}

/** Follows redirects as fetch does. */
async function lastSent(journey: Journey): Promise<Sent> {
  const { envelope, upload } = journey
  const headers = fromPhone(envelope.headers)
  let step: Step = {
    method: envelope.method,
    url: new URL(envelope.url),
    headers,
    hasBody: upload.source !== undefined,
  }
  for (let count = 0; ; count += 1) {
    const sent = await sendStep(journey, step, count === 0)
    const next = redirected(step, sent.answered.status, sent.answered.headers)
    if (!next || envelope.redirect === 'manual') return sent
    await drained(journey, sent)
    if (envelope.redirect === 'error') throw failure('ERR_REDIRECT', 'unexpected redirect')
    if (!next.ok || count === REDIRECT_LIMIT)
      throw failure('ERR_REDIRECT', next.ok ? 'redirected too often' : next.message)
    step = next.step
  }
}

const BODYLESS: ReadonlySet<number> = new Set([204, 205, 304])

/** What the browser needs to read the body; the server's own head is packed. */
function headOf({ step, answered }: Sent): Record<string, string> {
  const { status, statusText, headers } = answered
  const length = headerValue(headers, 'content-length')
  const shown = [
    ...endToEnd(headers),
    ...(length === undefined ? [] : [['content-length', length] satisfies HeaderPair]),
  ]
  const head: Record<string, string> = {
    'Content-Type': 'application/octet-stream',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    [ANSWER_HEADER]: pack({ status, statusText, headers: shown }),
  }
  if (step.method === 'HEAD' || BODYLESS.has(status)) return head
  const encoding = headerValue(headers, 'content-encoding')
  if (encoding !== undefined) head['Content-Encoding'] = encoding
  if (length !== undefined) head['Content-Length'] = length
  return head
}

async function deliver(journey: Journey, sent: Sent): Promise<void> {
  const { res } = journey
  const keeper = createBodyKeeper()
  async function* watched(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      keeper.add(chunk)
      yield chunk
    }
    // Before the phone can do anything about it.
    sent.call.answer(answerSighting(journey, sent, keptOf(sent.answered, keeper.kept)))
  }
  res.writeHead(200, headOf(sent))
  try {
    await pipeline(sent.answered.body, watched, res)
  } catch (error) {
    sent.call.answer(failureSighting(journey, sent.step, error))
  }
}

function tellFailure({ machine, res }: Journey, error: unknown): void {
  if (res.destroyed || res.headersSent) return
  const { code = 'ERR_FAILED', message = '' } = Object(error) as { code?: unknown; message?: unknown }
  const told = pack({ code: String(code), message: String(message).slice(0, 200) })
  res.writeHead(502, {
    Date: new Date(nowMs(machine)).toUTCString(),
    'Cache-Control': 'no-store',
    [FAILURE_HEADER]: told,
  })
  res.end()
}

/** Carries a call to where it goes and the answer back. Never rejects for what the network does. */
export async function travel(journey: Journey): Promise<void> {
  let sent: Sent
  try {
    sent = await lastSent(journey)
  } catch (error) {
    return tellFailure(journey, error)
  }
  return deliver(journey, sent)
}
