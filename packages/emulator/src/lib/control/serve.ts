import type { IncomingMessage, ServerResponse } from 'node:http'
import { send } from '../http/send.ts'
import type { Target } from '../http/target.ts'
import { EmulatorError } from '../machine.ts'
import type { Operations } from '../operations.ts'
import { PHONE_HEADER, readPhoneHeader } from '../proxy/envelope.ts'
import { InputError } from '../state/schemas.ts'
import { addressOf } from '../wechat/serve.ts'
import { refuseStranger } from './guard.ts'
import { readJson, STATE_LIMIT_BYTES } from './read-json.ts'
import { CONTROL_ROUTES, type ControlRoute, findRoutes } from './routes.ts'

export interface ControlAnswer {
  status: number
  value: object
  headers?: Record<string, string>
}

interface Problem {
  status: number
  error: string
  message: string
  cure: string
  field?: string
}

export function problem({ status, ...value }: Problem): ControlAnswer {
  return { status, value }
}

function notFound(path: string): ControlAnswer {
  const paths = [...new Set(CONTROL_ROUTES.map((route) => route.path))].join(' ')
  const message = `no control route ${path.slice(0, 200)}`
  return problem({ status: 404, error: 'not_found', message, cure: `there are: ${paths}` })
}

function wrongMethod(method: string, routes: ControlRoute[]): ControlAnswer {
  const allowed = routes.map((route) => route.method).join(', ')
  const message = `${method} does not work here`
  const answer = problem({ status: 405, error: 'method_not_allowed', message, cure: `use ${allowed}` })
  return { ...answer, headers: { Allow: allowed } }
}

function decodeName(rawName: string): string {
  try {
    return decodeURIComponent(rawName)
  } catch {
    throw new InputError('path', 'is not percent-encoded UTF-8', 'encode the name with encodeURIComponent')
  }
}

const STATUS_OF: Readonly<Record<string, number>> = {
  invalid_input: 400,
  unknown_app: 404,
  no_session_key: 409,
}

export function failure(error: unknown): ControlAnswer {
  if (!(error instanceof EmulatorError)) throw error
  const { code, cure, reason } = error
  const field = error instanceof InputError ? { field: error.field } : {}
  return problem({ status: STATUS_OF[code] ?? 400, error: code, message: reason, cure, ...field })
}

async function runRoute(
  operations: Operations,
  req: IncomingMessage,
  route: ControlRoute,
  rawName: string,
  query: URLSearchParams,
): Promise<ControlAnswer> {
  const limit = route.path === '/_emulator/state' ? STATE_LIMIT_BYTES : undefined
  const body = await readJson(req, limit)
  if (!body.ok) return problem(body)
  try {
    if (
      route.sample === undefined &&
      body.value !== undefined &&
      Object.keys(Object(body.value)).length > 0
    ) {
      throw new InputError('(input)', 'this route takes no body', 'send none')
    }
    const phone = readPhoneHeader(req.headers[PHONE_HEADER]?.toString())
    return { status: 200, value: route.run(operations, body.value, decodeName(rawName), { query, phone }) }
  } catch (error) {
    return failure(error)
  }
}

async function answer(
  operations: Operations,
  req: IncomingMessage,
  { path, query }: Target,
): Promise<ControlAnswer> {
  const { host, origin } = req.headers
  const refusal = refuseStranger({ address: addressOf(req), host, origin })
  if (refusal) return problem(refusal)
  const { routes, rawName } = findRoutes(path)
  if (routes.length === 0) return notFound(path)
  const method = req.method ?? 'GET'
  const route = routes.find((candidate) => candidate.method === method)
  return route ? runRoute(operations, req, route, rawName, query) : wrongMethod(method, routes)
}

/** Answers one request to `/_emulator…`. */
export async function serveControl(
  operations: Operations,
  req: IncomingMessage,
  res: ServerResponse,
  target: Target,
): Promise<void> {
  const { status, value, headers } = await answer(operations, req, target)
  req.resume()
  const all = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', ...headers }
  send(
    res,
    { status, headers: all, body: Buffer.from(`${JSON.stringify(value)}\n`) },
    new Date(operations.nowMs()),
  )
}
