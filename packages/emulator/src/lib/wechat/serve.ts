import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'
import { hearCall, noteStrike, tellAnswer } from '../conversation/wechat-talk.ts'
import { readBytes } from '../http/read-bytes.ts'
import { type Reply, send, sendCut } from '../http/send.ts'
import type { Target } from '../http/target.ts'
import { type Machine, nowMs } from '../machine.ts'
import { type CallRecord, maskQuery } from './call-log.ts'
import { CHECK_SESSION_PATH, checkSessionKey } from './check-session-key.ts'
import { CODE_TO_SESSION_PATH, codeToSession } from './code-to-session.ts'
import { familyOf, isWechatPath } from './errcodes.ts'
import { errorAnswer, type WechatAnswer } from './error-answer.ts'
import { faultAnswer, proxyPage, replacesAnswer } from './fault-answer.ts'
import type { FaultInput } from './faults.ts'
import { GET_PHONE_NUMBER_PATH, getPhoneNumber } from './get-phone-number.ts'
import { RESET_SESSION_KEY_PATH, resetSessionKey } from './reset-session-key.ts'
import { STABLE_TOKEN_PATH, stableAccessToken } from './stable-token.ts'
import { TOKEN_PATH, token } from './token.ts'
import type { WechatRequest } from './wechat-request.ts'

type Endpoint = (machine: Machine, request: WechatRequest) => WechatAnswer

/** WeChat's paths that are served as WeChat serves them. */
const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([
  [CODE_TO_SESSION_PATH, (machine, { query, ip }) => codeToSession(machine, query, ip)],
  [TOKEN_PATH, token],
  [STABLE_TOKEN_PATH, stableAccessToken],
  [CHECK_SESSION_PATH, checkSessionKey],
  [RESET_SESSION_KEY_PATH, resetSessionKey],
  [GET_PHONE_NUMBER_PATH, getPhoneNumber],
])

/** More than any of these paths has use for. */
const BODY_LIMIT_BYTES = 1_048_576

export const SERVED_PATHS: readonly string[] = [...ENDPOINTS.keys()]

export function isServedPath(path: string): boolean {
  return ENDPOINTS.has(path)
}

/** The caller's address without the IPv6 dress of an IPv4 address. */
export function addressOf(req: IncomingMessage): string {
  return (req.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
}

function unknownPathAnswer(machine: Machine, path: string): WechatAnswer {
  const known = isWechatPath(path)
  const reason = known ? 'is a path of WeChat that this emulator does not serve yet' : 'is no path of WeChat'
  machine.log(`${path} ${reason}; served: ${SERVED_PATHS.join(', ')} (a fault on it can answer for it)`)
  if (familyOf(path)) return errorAnswer(machine, path, 40066, { errmsg: 'invalid url rid: {rid}' })
  return { status: 404, contentType: 'text/plain', body: '' }
}

const TOO_LARGE: WechatAnswer = { status: 413, contentType: 'text/html', body: proxyPage(413) }

function answerOf(machine: Machine, path: string, request: WechatRequest | undefined): WechatAnswer {
  if (request === undefined) return TOO_LARGE
  const endpoint = ENDPOINTS.get(path)
  return endpoint ? endpoint(machine, request) : unknownPathAnswer(machine, path)
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** The request with its body; undefined where that is too long. A request without one is not waited for. */
async function readRequest(req: IncomingMessage, query: URLSearchParams): Promise<WechatRequest | undefined> {
  const body = hasBody(req) ? await readBytes(req, BODY_LIMIT_BYTES) : Buffer.alloc(0)
  req.resume()
  return body && { method: req.method ?? 'GET', query, body, ip: addressOf(req) }
}

function startRecord(machine: Machine, req: IncomingMessage, target: Target, fault: boolean): CallRecord {
  return machine.calls.add({
    at: new Date(nowMs(machine)).toISOString(),
    method: req.method ?? 'GET',
    path: target.path.slice(0, 512),
    query: maskQuery(target.query),
    ip: addressOf(req),
    userAgent: req.headers['user-agent'] ?? null,
    status: null,
    fault,
    unknownPath: !isServedPath(target.path),
    durationMs: null,
  })
}

function noteAnswer(record: CallRecord, { errcode, errmsg, appid, openid, unionid }: WechatAnswer): void {
  const known = Object.entries({ errcode, errmsg, appid, openid, unionid }).filter(
    ([, value]) => value !== undefined,
  )
  Object.assign(record, Object.fromEntries(known))
}

interface Struck {
  path: string
  request: WechatRequest | undefined
  fault: FaultInput
  ip: string
}

/** Where the fault strikes: before WeChat's work is done, or after it, when only the answer suffers. */
async function answerUnderFault(
  machine: Machine,
  { path, request, fault, ip }: Struck,
  closing: AbortSignal,
): Promise<WechatAnswer> {
  const early = fault.when === 'after' ? answerOf(machine, path, request) : undefined
  if (fault.delayMs) await sleep(fault.delayMs, undefined, { signal: closing })
  if (replacesAnswer(fault)) return faultAnswer(machine, path, fault, ip)
  return early ?? answerOf(machine, path, request)
}

function replyOf(answer: WechatAnswer, fault: FaultInput | undefined): Reply {
  const raw = fault?.bodyBase64
  const body = raw === undefined ? Buffer.from(answer.body, 'utf8') : Buffer.from(raw, 'base64')
  const headers = { 'Content-Type': fault?.contentType ?? answer.contentType, ...fault?.headers }
  return { status: answer.status, headers, body }
}

function resetConnection(res: ServerResponse): void {
  // Node can send a TCP reset for plain sockets alone; under TLS the abrupt end is the nearest thing.
  if (res.socket instanceof TLSSocket) res.socket.destroy()
  else res.socket?.resetAndDestroy()
}

function deliver(
  machine: Machine,
  res: ServerResponse,
  reply: Reply,
  fault: FaultInput | undefined,
): number | null {
  if (fault?.reset) {
    resetConnection(res)
    return null
  }
  const date = new Date(nowMs(machine))
  if (fault?.cutAfterBytes === undefined) send(res, reply, date)
  else sendCut(res, reply, date, fault.cutAfterBytes)
  return reply.status
}

/** Answers one request as WeChat would, unless a fault says otherwise, and writes it into the call log. */
export async function serveWechat(
  machine: Machine,
  req: IncomingMessage,
  res: ServerResponse,
  target: Target,
  closing: AbortSignal,
): Promise<void> {
  const startedMs = performance.now()
  const { path, query } = target
  const fault = machine.faults.take(path)
  const record = startRecord(machine, req, target, fault !== undefined)
  const request = await readRequest(req, query)
  const talk = hearCall(machine, req, target, request?.body)
  if (fault) noteStrike(machine, fault)
  const answer = fault
    ? await answerUnderFault(machine, { path, request, fault, ip: record.ip }, closing)
    : answerOf(machine, path, request)
  noteAnswer(record, answer)
  const reply = replyOf(answer, fault)
  tellAnswer(machine, talk, { answer, fault, reply })
  record.status = deliver(machine, res, reply, fault)
  record.durationMs = Math.round(performance.now() - startedMs)
}
