import type { TestContext } from 'node:test'
import { type Emulator, type StartOptions, startEmulator } from '../index.ts'

export const APPID = 'wx0123456789abcdef'
export const OTHER_APPID = 'wxfedcba9876543210'
export const SECRET = 'f0e1d2c3b4a5968778695a4b3c2d1e0f'
export const PATH = '/sns/jscode2session'

/** A clock that stands still, at a time whose hex is known: 0x68aaa4d1 seconds. */
export const NOON_SECONDS = 0x68aaa4d1
export const standingClock = { nowMs: () => NOON_SECONDS * 1000 }

/** An emulator with one app, closed when the test ends. */
export async function startForTest(t: TestContext, options: StartOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ clock: standingClock, ...options })
  t.after(() => emulator.close())
  if (!options.state) emulator.putApp(APPID, { secret: SECRET })
  return emulator
}

export interface Answer {
  status: number
  type: string | null
  text: string
  json: Record<string, unknown>
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const { status, headers } = response
  return { status, type: headers.get('content-type'), text, json: parseObject(text) }
}

/** What a server's exchange sends, with some parameters replaced; undefined leaves one out. */
export async function exchange(
  emulator: Emulator,
  params: Record<string, string | undefined>,
  init: RequestInit = {},
): Promise<Answer> {
  const all = { appid: APPID, secret: SECRET, grant_type: 'authorization_code', ...params }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(all)) if (value !== undefined) query.set(name, value)
  return answerOf(await fetch(`${emulator.url}${PATH}?${query}`, init))
}

export function codeFor(emulator: Emulator, user = 'alice', appid = APPID): string {
  return emulator.login({ appid, user }).code
}

export interface ControlAnswer {
  status: number
  headers: Headers
  json: Record<string, unknown>
}

/** One control request; a body is sent as JSON. */
export async function control(
  emulator: Emulator,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<ControlAnswer> {
  const init: RequestInit = { method, headers: { 'content-type': 'application/json', ...headers } }
  if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(`${emulator.url}/_emulator${path}`, init)
  return { status: response.status, headers: response.headers, json: JSON.parse(await response.text()) }
}
