import type { IncomingMessage, ServerResponse } from 'node:http'
import { refuseStranger } from '../control/guard.ts'
import { readJson } from '../control/read-json.ts'
import { failure, problem } from '../control/serve.ts'
import { send } from '../http/send.ts'
import type { Target } from '../http/target.ts'
import { addressOf } from '../wechat/serve.ts'
import { DEV_PATH, type DevRelay, type RelayAnswer } from './relay.ts'

export function isDevPath(path: string): boolean {
  return path === DEV_PATH || path.startsWith(`${DEV_PATH}/`)
}

async function answer(relay: DevRelay, req: IncomingMessage, { path, query }: Target): Promise<RelayAnswer> {
  const { host, origin } = req.headers
  const refusal = refuseStranger({ address: addressOf(req), host, origin })
  if (refusal) return problem(refusal)
  const body = await readJson(req)
  if (!body.ok) return problem(body)
  const { method = 'GET' } = req
  const acceptLanguage = req.headers['accept-language']
  try {
    return await relay.answer({ method, path, query, body: body.value, acceptLanguage })
  } catch (error) {
    return failure(error)
  }
}

/** Answers one request to `/_emulator/dev…`. */
export async function serveDevRelay(
  relay: DevRelay,
  req: IncomingMessage,
  res: ServerResponse,
  target: Target,
  nowMs: () => number,
): Promise<void> {
  const { status, value, headers } = await answer(relay, req, target)
  req.resume()
  const all = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', ...headers }
  send(res, { status, headers: all, body: Buffer.from(`${JSON.stringify(value)}\n`) }, new Date(nowMs()))
}
