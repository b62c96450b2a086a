import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import type { Emulator } from '../index.ts'
import { bodyOf, startBackend } from './backend.ts'
import { APPID, SECRET } from './kit.ts'

/** A back end that somebody else wrote, with a login of its own. */
export interface Foreign {
  url: string
  /** What it gave out, newest last. */
  tokens: string[]
}

/** How such back ends take a code and give a token. */
export interface Habits {
  /** Where the code comes in. */
  codeFrom(req: IncomingMessage, body: string): string
  /** Default: 32 hex digits. */
  makeToken?: () => string
  answer(res: ServerResponse, token: string, session: Record<string, string>): void
}

async function exchanged(emulator: Emulator, code: string): Promise<Record<string, string>> {
  const query = new URLSearchParams({
    appid: APPID,
    secret: SECRET,
    js_code: code,
    grant_type: 'authorization_code',
  })
  const response = await fetch(`${emulator.url}/sns/jscode2session?${query}`)
  return Object(await response.json())
}

/** Answers `/login` by its habits, and whatever else with 401 and the question mirrored. */
export async function startForeign(t: TestContext, emulator: Emulator, habits: Habits): Promise<Foreign> {
  const tokens: string[] = []
  const makeToken = habits.makeToken ?? (() => randomBytes(16).toString('hex'))
  const url = await startBackend(t, (req, res) => {
    void bodyOf(req).then(async (body) => {
      if (!req.url?.startsWith('/login')) {
        res.writeHead(401, { 'Content-Type': 'application/json' })
        return res.end(
          JSON.stringify({ code: 40101, msg: 'log in first', echo: { body, headers: req.headers } }),
        )
      }
      const session = await exchanged(emulator, habits.codeFrom(req, body))
      tokens.push(makeToken())
      return habits.answer(res, tokens.at(-1) ?? '', session)
    })
  })
  return { url, tokens }
}

/** The tutorial: `GET /login?code=`, answered with a `user_uuid`. */
export const TUTORIAL: Habits = {
  codeFrom: (req) => new URL(req.url ?? '', 'http://x').searchParams.get('code') ?? '',
  makeToken: () => crypto.randomUUID(),
  answer: (res, token) =>
    res.setHeader('Content-Type', 'application/json').end(JSON.stringify({ user_uuid: token })),
}

/** A form in, a header of its own and a cookie out. */
export const FORM: Habits = {
  codeFrom: (_req, body) => new URLSearchParams(body).get('credential') ?? '',
  answer(res, token) {
    res.setHeader('X-Our-Skey', token).setHeader('Set-Cookie', `sid=${token}; HttpOnly`)
    res.end(`ok=1&skey=${token}`)
  },
}
