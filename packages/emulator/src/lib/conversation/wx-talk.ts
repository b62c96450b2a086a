import type { Machine } from '../machine.ts'
import type { PhoneIdentity } from '../proxy/envelope.ts'
import type { ArrowKind, NoteAction } from './arrow.ts'
import { keepText } from './kept-body.ts'
import type { SeenMessage } from './sighting.ts'

/** A phone that asks WeChat itself. */
export interface WxCall<T extends object> {
  kind: Extract<ArrowKind, `wx.${string}`>
  input: { appid: string; user: string; device?: string | undefined }
  /** As its header named it. */
  phone: PhoneIdentity | undefined
  work(): T
  /** What stands on the arrow of the answer. */
  label(result: T): string
}

function messageOf(startLine: string, value: object): SeenMessage {
  return { startLine, headers: [], body: keepText(JSON.stringify(value), 'application/json') }
}

function failureOf(result: object): string | undefined {
  const errMsg = 'errMsg' in result ? String(result.errMsg) : ''
  return errMsg.includes(':fail') ? errMsg : undefined
}

/** Does what a phone asks of WeChat, and draws it. */
export function talkToWechat<T extends object>(machine: Machine, call: WxCall<T>): T {
  const { conversation } = machine
  const { kind, input, phone } = call
  const lane = phone ? conversation.who.phone(phone) : conversation.who.phoneOf(input.user, input.device)
  const exchange = conversation.call({
    kind,
    from: lane,
    to: 'wechat',
    label: kind,
    message: messageOf(`${kind}()`, input),
  })
  const back = { kind, from: 'wechat', to: lane }
  try {
    const result = call.work()
    const reason = failureOf(result)
    const told = { ...back, label: call.label(result), message: messageOf(kind, result) }
    conversation.answer(
      exchange,
      reason === undefined ? { ...told, outcome: 'ok' } : { ...told, outcome: 'refused', reason },
    )
    return result
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    conversation.answer(exchange, { ...back, label: reason, outcome: 'failed', reason })
    throw error
  }
}

/** Something done at the controls. */
export function noteControl(
  machine: Machine,
  action: NoteAction,
  label: string,
  facts: Record<string, string | number> = {},
): void {
  machine.conversation.note({
    kind: 'control',
    from: 'operator',
    to: 'operator',
    label: label,
    action,
    facts,
  })
}
