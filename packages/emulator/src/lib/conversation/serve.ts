import type { IncomingMessage, ServerResponse } from 'node:http'
import { refuseStranger } from '../control/guard.ts'
import { send } from '../http/send.ts'
import type { Target } from '../http/target.ts'
import { type Machine, nowMs } from '../machine.ts'
import { addressOf } from '../wechat/serve.ts'
import type { Conversation } from './arrow.ts'
import { lastEventId, streamConversation } from './stream.ts'
import { conversationMermaid, conversationText } from './text.ts'

const STREAM_PATH = '/_emulator/conversation/stream'
const TEXT_PATH = '/_emulator/conversation.txt'

function sendText(machine: Machine, res: ServerResponse, status: number, text: string): void {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }
  send(res, { status, headers, body: Buffer.from(text) }, new Date(nowMs(machine)))
}

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

const FORMATS: ReadonlyMap<string, (conversation: Conversation) => string> = new Map([
  ['text', conversationText],
  ['mermaid', conversationMermaid],
])

function writeText(machine: Machine, res: ServerResponse, query: URLSearchParams): void {
  const format = query.get('format') ?? 'text'
  const write = FORMATS.get(format)
  if (write) sendText(machine, res, 200, write(machine.conversation.read()))
  else sendText(machine, res, 400, `no format ${JSON.stringify(format)}; there are text and mermaid\n`)
}

/** Answers what of the conversation is no JSON: the stream and the text; false where the path is neither. */
export function serveConversation(
  machine: Machine,
  req: IncomingMessage,
  res: ServerResponse,
  { path, query }: Target,
  closing: AbortSignal,
): boolean {
  if (req.method !== 'GET' || (path !== STREAM_PATH && path !== TEXT_PATH)) return false
  const { host, origin } = req.headers
  const refusal = refuseStranger({ address: addressOf(req), host, origin })
  if (refusal) sendText(machine, res, refusal.status, `${refusal.message}; ${refusal.cure}\n`)
  else if (path === TEXT_PATH) writeText(machine, res, query)
  else {
    const after = lastEventId(req) ?? numberOf(query, 'after') ?? 0
    streamConversation(res, { recorder: machine.conversation, after, closing })
  }
  return true
}
