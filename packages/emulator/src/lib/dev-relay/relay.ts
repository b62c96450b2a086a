import { z } from 'zod'
import type { Machine } from '../machine.ts'
import type { Operations } from '../operations.ts'
import { type Ask, ask, type DevAnswer } from './ask.ts'
import { noteDev } from './note.ts'

export const DEV_PATH = '/_emulator/dev'

export interface DevRequest {
  method: string
  path: string
  query: URLSearchParams
  /** Parsed JSON; undefined where there is none. */
  body: unknown
  acceptLanguage: string | undefined
}

export interface RelayAnswer {
  status: number
  value: object
  headers?: Record<string, string>
}

/** Hands on what the emulator's pages ask of a back end's `/_dev`, so that they need not reach another origin. */
export interface DevRelay {
  answer(request: DevRequest): Promise<RelayAnswer>
}

interface RelayOptions {
  machine: Machine
  /** Of the back end's `/_dev`, where one is known. */
  url(): string | undefined
  openidOf: Operations['openidOf']
}

const objectSchema = z.record(z.string(), z.unknown())
const PATH = /^(?:\/[\w-]{1,64}){0,8}$/

function problem(status: number, error: string, message: string, cure: string): RelayAnswer {
  return { status, value: { error, message, cure } }
}

const NO_URL = problem(
  404,
  'no_dev_url',
  'no back end with a /_dev is known to this emulator',
  'start it with --dev URL (devUrl), the address of a back end that offers /_dev; yaopai dev does so by itself',
)

function troubleAnswer(answer: Exclude<DevAnswer, { kind: 'json' }>, devUrl: string): RelayAnswer {
  const cure = 'see that the back end runs, and that it offers /_dev there'
  if (answer.kind === 'slow') return problem(504, 'dev_slow', `${devUrl} gave no answer in time`, cure)
  const message =
    answer.kind === 'odd'
      ? `${devUrl} answered ${answer.status} without JSON`
      : `${devUrl} could not be reached (${answer.reason})`
  return problem(502, answer.kind === 'odd' ? 'dev_odd' : 'dev_unreachable', message, cure)
}

/** Callers may say `user`, whom only the emulator knows; back ends know the openid. */
function withOpenid(
  input: Readonly<Record<string, unknown>>,
  openidOf: RelayOptions['openidOf'],
): Record<string, unknown> {
  const { user, ...rest } = input
  return user === undefined ? { ...input } : { ...rest, openid: openidOf(input['appid'], user) }
}

function askOf(base: string, request: DevRequest, openidOf: RelayOptions['openidOf']): Ask {
  const url = base + request.path.slice(DEV_PATH.length)
  const { acceptLanguage } = request
  if (request.method === 'POST') {
    const body = JSON.stringify(withOpenid(inputOf(request), openidOf))
    return { method: 'POST', url, body, acceptLanguage }
  }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(withOpenid(inputOf(request), openidOf))) {
    query.set(name, String(value))
  }
  const search = query.size === 0 ? '' : `?${query}`
  return { method: 'GET', url: url + search, body: undefined, acceptLanguage }
}

function inputOf({ method, query, body }: DevRequest): Record<string, unknown> {
  return method === 'POST' ? objectSchema.parse(body ?? {}) : Object.fromEntries(query)
}

function misfit({ method, path, body }: DevRequest): RelayAnswer | undefined {
  if (method !== 'GET' && method !== 'POST') {
    const answer = problem(405, 'method_not_allowed', `${method} does not work here`, 'use GET, POST')
    return { ...answer, headers: { Allow: 'GET, POST' } }
  }
  if (!PATH.test(path.slice(DEV_PATH.length))) {
    return problem(404, 'not_found', 'no path that could be handed on', `GET ${DEV_PATH} lists what there is`)
  }
  if (body !== undefined && !objectSchema.safeParse(body).success) {
    return problem(
      400,
      'invalid_input',
      'the body is no JSON object',
      'send for example {"advanceSeconds":60}',
    )
  }
  return undefined
}

export function createDevRelay({ machine, url, openidOf }: RelayOptions): DevRelay {
  return {
    async answer(request) {
      const wrong = misfit(request)
      if (wrong !== undefined) return wrong
      const base = url()
      if (base === undefined) return NO_URL
      const answer = await ask(askOf(base, request, openidOf))
      if (answer.kind !== 'json') return troubleAnswer(answer, base)
      const { status, value } = answer
      if (request.method === 'POST' && status < 300) {
        noteDev(machine, request.path.slice(DEV_PATH.length), inputOf(request))
      }
      return { status, value }
    },
  }
}
