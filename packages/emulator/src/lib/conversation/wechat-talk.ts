import type { IncomingMessage } from 'node:http'
import type { Reply } from '../http/send.ts'
import type { Target } from '../http/target.ts'
import type { Machine } from '../machine.ts'
import type { WechatAnswer } from '../wechat/error-answer.ts'
import type { FaultInput } from '../wechat/faults.ts'
import { type KeptBody, keepBytes } from './kept-body.ts'
import { headerPairs, type SeenMessage, type Sighting } from './sighting.ts'

/** A call of WeChat that was heard and waits for its answer. */
export interface WechatTalk {
  exchange: number
  server: string
}

function keep(bytes: Buffer | undefined, type: string | undefined): KeptBody | undefined {
  return bytes === undefined || bytes.length === 0 ? undefined : keepBytes(bytes, type)
}

function codeIn(query: URLSearchParams, body: Buffer | undefined): string | null {
  const inQuery = query.get('js_code') ?? query.get('code')
  if (inQuery !== null || body === undefined || body.length === 0) return inQuery
  return /"(?:js_)?code"\s*:\s*"([^"]+)"/.exec(body.toString())?.[1] ?? null
}

/** A server calls WeChat; which one shows by what it hands over. */
export function hearCall(
  machine: Machine,
  req: IncomingMessage,
  { path, query }: Target,
  body: Buffer | undefined,
): WechatTalk {
  const { conversation } = machine
  const [code, appid, accessToken] = [codeIn(query, body), query.get('appid'), query.get('access_token')]
  const server = conversation.who.caller({ code, appid, accessToken })
  const { rawHeaders } = req
  const message: SeenMessage = {
    startLine: `${req.method} ${req.url}`,
    get headers() {
      return headerPairs(rawHeaders) // servers call often, and few look
    },
    body: keep(body, req.headers['content-type']),
  }
  const label = `${req.method} ${path}`
  const exchange = conversation.call({
    kind: 'wechat',
    from: server,
    to: 'wechat',
    label,
    message,
    place: 'wechat',
  })
  return { exchange, server }
}

function effectsOf(fault: FaultInput): Record<string, string | number> {
  const { errcode, status, delayMs, reset, cutAfterBytes, when } = fault
  const effects = { errcode, status, delayMs, cutAfterBytes, reset: reset ? 'yes' : undefined, when }
  const given = Object.entries(effects).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return Object.fromEntries(given)
}

/** What a fault does, in a few words. */
export function faultLabel(fault: FaultInput): string {
  const effects = Object.entries(effectsOf(fault)).map(([name, value]) => `${name} ${value}`)
  return effects.length === 0 ? 'another answer' : effects.join(', ')
}

export function faultFacts(fault: FaultInput): Record<string, string | number> {
  return {
    path: fault.path,
    ...effectsOf(fault),
    ...(fault.times === undefined ? {} : { times: fault.times }),
  }
}

export function noteStrike(machine: Machine, fault: FaultInput): void {
  const label = `fault: ${faultLabel(fault)}`
  machine.conversation.note({
    kind: 'control',
    from: 'wechat',
    to: 'wechat',
    label,
    action: 'fault.strike',
    facts: faultFacts(fault),
  })
}

/** `session_key, openid`: what an answer without errcode brings. */
function namesIn(body: string): string {
  return [...body.matchAll(/[{,]\s*"(\w+)"\s*:/g)].map((match) => match[1]).join(', ')
}

function judge({
  errcode,
  errmsg,
  status,
  body,
}: WechatAnswer): Pick<Sighting, 'label' | 'outcome' | 'reason' | 'status'> {
  if (errcode !== undefined && errcode !== 0) {
    const text = (errmsg ?? '').replace(/,? rid: .*$/, '')
    return { label: `${errcode} ${text}`, outcome: 'refused', reason: String(errcode), status }
  }
  if (status >= 400) return { label: String(status), outcome: 'failed', reason: String(status), status }
  return { label: namesIn(body) || String(status), outcome: 'ok', status }
}

/** How the answer fared on its way, where a fault had its hand in it. */
function fate(fault: FaultInput | undefined): Partial<Sighting> {
  if (fault?.reset) {
    const outcome = fault.when === 'after' ? 'lost' : 'failed'
    return {
      label: outcome === 'lost' ? 'answer lost' : 'connection reset',
      outcome,
      reason: 'connection reset',
      status: undefined,
    }
  }
  if (fault?.cutAfterBytes === undefined) return {}
  return { label: `cut after ${fault.cutAfterBytes} bytes`, outcome: 'failed', reason: 'cut' }
}

interface Told {
  answer: WechatAnswer
  fault: FaultInput | undefined
  reply: Reply
}

export function tellAnswer(machine: Machine, { exchange, server }: WechatTalk, told: Told): void {
  const { answer, fault, reply } = told
  const message: SeenMessage = {
    startLine: `${reply.status}`,
    headers: Object.entries(reply.headers),
    body: keep(reply.body, reply.headers['Content-Type']),
  }
  const [, accessToken] = /"access_token":"([^"]+)"/.exec(answer.body) ?? []
  if (accessToken !== undefined) machine.conversation.who.gotAccessToken(accessToken, server)
  const judged = { ...judge(answer), ...fate(fault) }
  machine.conversation.answer(exchange, {
    kind: 'wechat',
    from: 'wechat',
    to: server,
    ...judged,
    message,
    place: 'wechat',
  })
}
