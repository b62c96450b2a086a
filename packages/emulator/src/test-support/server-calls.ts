import assert from 'node:assert/strict'
import type { Emulator } from '../index.ts'
import { type Answer, APPID, answerOf, SECRET } from './kit.ts'

export const TOKEN = '/cgi-bin/token'
export const STABLE = '/cgi-bin/stable_token'
export const CHECK = '/wxa/checksession'
export const RESET = '/wxa/resetusersessionkey'
export const PHONE = '/wxa/business/getuserphonenumber'

type Params = Record<string, string | undefined>

function queryOf(params: Params): URLSearchParams {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) if (value !== undefined) query.set(name, value)
  return query
}

/** One call of a WeChat path. A body that is an object is sent as JSON. */
export async function ask(
  emulator: Emulator,
  path: string,
  params: Params,
  init: { method?: string; json?: unknown; body?: string } = {},
): Promise<Answer> {
  const body = init.json === undefined ? init.body : JSON.stringify(init.json)
  const method = init.method ?? (body === undefined ? 'GET' : 'POST')
  const sent = body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }
  return answerOf(await fetch(`${emulator.url}${path}?${queryOf(params)}`, { method, ...sent }))
}

/** What `/cgi-bin/token` answers, with some parameters replaced. */
export function askToken(emulator: Emulator, params: Params = {}): Promise<Answer> {
  return ask(emulator, TOKEN, {
    grant_type: 'client_credential',
    appid: APPID,
    secret: SECRET,
    ...params,
  })
}

/** The same of `/cgi-bin/stable_token`. */
export function askStable(emulator: Emulator, fields: Record<string, unknown> = {}): Promise<Answer> {
  const json = { grant_type: 'client_credential', appid: APPID, secret: SECRET, ...fields }
  return ask(emulator, STABLE, {}, { json })
}

/** A good token, of either family. */
export async function tokenOf(answer: Promise<Answer>): Promise<string> {
  const { json, text } = await answer
  assert.equal(typeof json['access_token'], 'string', text)
  return String(json['access_token'])
}

/** What a token is worth: 0 where WeChat takes it, else the errcode. The code that goes with it is none, so 40029 is a yes. */
export async function verdictOn(emulator: Emulator, access_token: string | undefined): Promise<unknown> {
  const { json } = await ask(emulator, PHONE, { access_token }, { json: { code: 'none' } })
  return json['errcode'] === 40029 ? 0 : json['errcode']
}
