import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { isLoopbackName, type Refusal, refuseStranger } from '../control/guard.ts'
import { send } from '../http/send.ts'
import { EmulatorError, type Machine, nowMs } from '../machine.ts'
import { addressOf } from '../wechat/serve.ts'
import { type Backends, type Route, routeOf } from './backends.ts'
import {
  ENVELOPE_HEADER,
  type Envelope,
  PHONE_HEADER,
  type PhoneIdentity,
  readPhoneHeader,
  unpack,
} from './envelope.ts'
import { untilHungUp } from './hang-up.ts'
import { createLine, type Line } from './line.ts'
import { type Journey, travel } from './travel.ts'
import { takeUpload } from './upload.ts'

/** The way of a mini program's requests out of the browser. */
export interface SendProxy {
  serve(req: IncomingMessage, res: ServerResponse): Promise<void>
  close(): Promise<void>
}

export interface ProxyOptions {
  machine: Machine
  backends: Backends
  /** Aborted when the emulator closes. */
  closing: AbortSignal
}

const envelopeSchema = z.strictObject({
  api: z.enum(['request', 'uploadFile', 'downloadFile']),
  method: z.string().regex(/^[A-Z]{1,16}$/),
  url: z
    .string()
    .regex(/^https?:\/\//i)
    .refine(URL.canParse),
  headers: z.array(z.tuple([z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/), z.string().regex(/^[^\r\n\0]*$/)])),
  redirect: z.enum(['follow', 'manual', 'error']),
  isLost: z.boolean(),
})

function bad(message: string, cure: string): Refusal {
  return { status: 400, error: 'bad_envelope', message, cure }
}

function readEnvelope(header: string | undefined): Envelope | undefined {
  try {
    return envelopeSchema.parse(unpack(header ?? ''))
  } catch {
    return undefined
  }
}

interface Asked {
  phone: PhoneIdentity
  envelope: Envelope
}

function read(req: IncomingMessage): Asked | Refusal {
  const { host, origin, [PHONE_HEADER]: phoneText, [ENVELOPE_HEADER]: envelopeText } = req.headers
  const refusal = refuseStranger({ address: addressOf(req), host, origin })
  if (refusal) return refusal
  if (req.method !== 'POST') return { ...bad(`${req.method} does not work here`, 'use POST'), status: 405 }
  const phone = readPhoneHeader(phoneText?.toString())
  // Both headers make a browser ask first, so that no form or image of a foreign page gets in.
  if (!phone)
    return bad(`${PHONE_HEADER} names no phone`, `send ${PHONE_HEADER}: phone:1;user=alice;device=phone`)
  const envelope = readEnvelope(envelopeText?.toString())
  if (!envelope) return bad(`${ENVELOPE_HEADER} is no envelope`, 'send it as src/phone/proxy-fetch.ts does')
  return { phone, envelope }
}

function refuse(machine: Machine, res: ServerResponse, { status, ...value }: Refusal): void {
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' }
  const body = Buffer.from(`${JSON.stringify(value)}\n`)
  send(res, { status, headers, body }, new Date(nowMs(machine)))
}

/** A mini program has no way to the controls. A tap is none of them. */
function isOwnControl(url: URL, port: number | undefined): boolean {
  const isHere =
    isLoopbackName(url.host) && Number(url.port || (url.protocol === 'https:' ? 443 : 80)) === port
  return isHere && /^\/_emulator(?!\/tap\/)/.test(url.pathname)
}

function createRouter({ machine, backends }: ProxyOptions) {
  const warned = new Set<string>()
  return (url: URL, port: number | undefined): Route => {
    if (isOwnControl(url, port))
      return { ok: false, code: 'ERR_OWN_CONTROL', message: 'the controls are not for mini programs' }
    const route = routeOf(backends, url)
    if (route.ok && route.isElsewhere && !warned.has(url.origin)) {
      warned.add(url.origin)
      machine.log(
        `requests to ${url.origin} leave this machine; --backend URL sends them to a back end of yours`,
      )
    }
    return route
  }
}

async function carry(journey: Omit<Journey, 'upload'>, req: IncomingMessage): Promise<void> {
  try {
    const upload = await takeUpload(req, journey.envelope.redirect === 'follow')
    await travel({ ...journey, upload })
  } catch (error) {
    if (!(error instanceof EmulatorError)) throw error
    refuse(journey.machine, journey.res, {
      status: 413,
      error: error.code,
      message: error.reason,
      cure: error.cure,
    })
  }
}

export function createProxy(options: ProxyOptions, line: Line = createLine()): SendProxy {
  const { machine, closing } = options
  const route = createRouter(options)
  return {
    async serve(req, res) {
      const asked = read(req)
      if ('error' in asked) {
        req.resume()
        return refuse(machine, res, asked)
      }
      const signal = untilHungUp(res, closing)
      const port = req.socket.localPort
      return carry({ ...asked, machine, line, res, signal, route: (url) => route(url, port) }, req)
    },
    close: () => line.close(),
  }
}
