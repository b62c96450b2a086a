import {
  ANSWER_HEADER,
  type AnswerHead,
  ENVELOPE_HEADER,
  type Envelope,
  FAILURE_HEADER,
  PHONE_HEADER,
  type PhoneIdentity,
  pack,
  phoneHeader,
  SEND_PATH,
  type SendFailure,
  unpack,
} from '../lib/proxy/envelope.ts'
import type { CallInit } from '../lib/wx/wire.ts'

export interface ProxyFetchOptions {
  phone: PhoneIdentity
  /** The emulator. Default: the origin of the page. */
  emulatorUrl?: string | undefined
  /** Default: the browser's. */
  fetch?: typeof fetch | undefined
}

type FetchInput = Parameters<typeof fetch>[0]

const BODYLESS_STATUS = new Set([101, 103, 204, 205, 304])

function failed(code: string, message: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) })
}

/** A browser does not say why a connection ended. */
function brokenOff(error: unknown): unknown {
  const isExplained = error instanceof Error && error.cause !== undefined
  return isExplained ? error : failed('UND_ERR_SOCKET', 'the answer broke off')
}

/** Headers as the mini program gave them. A Request would drop those that a page may not set. */
function headersOf(input: FetchInput, init: CallInit): Headers {
  return new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined))
}

async function bodyOf(request: Request, headers: Headers): Promise<ArrayBuffer | undefined> {
  if (request.method === 'GET' || request.method === 'HEAD') return undefined
  const bytes = await request.arrayBuffer()
  const type = request.headers.get('content-type')
  if (bytes.byteLength > 0 && type !== null && !headers.has('content-type')) headers.set('content-type', type)
  return bytes
}

function envelopeOf(request: Request, headers: Headers, init: CallInit): Envelope {
  return {
    api: init.api ?? 'request',
    method: request.method,
    url: request.url,
    headers: [...headers],
    redirect: init.redirect ?? 'follow',
    isLost: init.isLost ?? false,
  }
}

/** The body as it comes; where it breaks off, the error says so in fetch's way of Node. */
function bodyStream(response: Response, signal: AbortSignal | null | undefined): ReadableStream<Uint8Array> {
  const reader = response.body?.getReader()
  return new ReadableStream({
    async pull(controller) {
      try {
        const next = await reader?.read()
        if (!next || next.done) return controller.close()
        controller.enqueue(next.value)
      } catch (error) {
        controller.error(signal?.aborted ? error : brokenOff(error))
      }
    },
    cancel: (reason) => reader?.cancel(reason),
  })
}

/** A browser's Response takes no status beyond 599 and drops Set-Cookie, so both are put on it afterwards. */
function responseOf(answer: Response, head: AnswerHead, signal: AbortSignal | null | undefined): Response {
  const headers = new Headers()
  for (const [name, value] of head.headers) headers.append(name, value)
  const body = BODYLESS_STATUS.has(head.status) ? null : bodyStream(answer, signal)
  const response = new Response(body, { statusText: head.statusText })
  return Object.defineProperties(response, {
    status: { value: head.status },
    ok: { value: head.status >= 200 && head.status < 300 },
    headers: { value: headers },
  })
}

function failureOf(answer: Response): TypeError {
  const packed = answer.headers.get(FAILURE_HEADER)
  if (packed === null) return failed('ERR_EMULATOR', `the emulator's proxy answered ${answer.status}`)
  const { code, message } = unpack(packed) as SendFailure // the emulator's proxy wrote it
  return failed(code, message)
}

/** What the phone itself asks of the emulator, such as a code for `wx.login`. A mini program's call names its API. */
function isForEmulator(url: string, { api }: CallInit, emulatorUrl: string): boolean {
  const page = (globalThis as { location?: { href: string } }).location // only browsers have one
  const emulator = new URL(emulatorUrl || (page?.href ?? url))
  const target = new URL(url, emulator)
  return api === undefined && target.origin === emulator.origin && target.pathname.startsWith('/_emulator/')
}

function askEmulator(
  { fetch: fetch_ = globalThis.fetch, phone }: ProxyFetchOptions,
  input: FetchInput,
  init: CallInit,
): Promise<Response> {
  const headers = headersOf(input, init)
  headers.set(PHONE_HEADER, phoneHeader(phone))
  return fetch_.call(globalThis, input, { ...init, headers })
}

/**
 * A `fetch` for the mini program in the browser: its requests go through the emulator's proxy, so that no CORS is needed, Referer
 * and cookies are the mini program's own, and every one of them is seen. What the phone asks of the emulator itself goes there
 * directly and says which phone asks, so that `emulatorUrl` and `fetch` of `createWx` can be used together.
 *
 * @returns what rejects as Node's fetch does: a TypeError whose `cause.code` says why
 */
export function createProxyFetch(options: ProxyFetchOptions): typeof fetch {
  const { phone, emulatorUrl = '', fetch: fetch_ = globalThis.fetch.bind(globalThis) } = options
  return async (input, init) => {
    const call: CallInit = init ?? {}
    const url = input instanceof Request ? input.url : String(input)
    if (isForEmulator(url, call, emulatorUrl)) return askEmulator(options, input, call)
    const { signal } = call
    const headers = headersOf(input, call)
    // The headers stay out of it: content-type is the body's own, unless the mini program named another.
    const request = new Request(input, { method: call.method ?? 'GET', body: call.body ?? null })
    const body = await bodyOf(request, headers)
    const asked = fetch_(`${emulatorUrl}${SEND_PATH}`, {
      method: 'POST',
      headers: {
        [PHONE_HEADER]: phoneHeader(phone),
        [ENVELOPE_HEADER]: pack(envelopeOf(request, headers, call)),
      },
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
    })
    const answer = await asked.catch((error: unknown) => {
      throw signal?.aborted ? error : brokenOff(error)
    })
    const packed = answer.headers.get(ANSWER_HEADER)
    if (packed === null) throw failureOf(answer)
    return responseOf(answer, unpack(packed) as AnswerHead, signal) // the emulator's proxy wrote it
  }
}
