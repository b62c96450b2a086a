import { type Machine, nowSeconds } from '../machine.ts'
import { randomBase62 } from '../random.ts'
import { errmsgTemplate, familyOf } from './errcodes.ts'

/** What goes back over the wire, before any fault touches it. */
export interface WechatAnswer {
  status: number
  contentType: string
  body: string
  /** For the call log. */
  errcode?: number | undefined
  errmsg?: string | undefined
  openid?: string | undefined
  unionid?: string | undefined
  /** The app that an access_token was for. */
  appid?: string | undefined
}

/** Three groups of eight hex digits; the first is the (virtual) clock in unix seconds. */
export function makeRid(machine: Machine): string {
  const seconds = (nowSeconds(machine) % 2 ** 32).toString(16).padStart(8, '0')
  const tail = machine.random.bytes(8).toString('hex')
  return `${seconds}-${tail.slice(0, 8)}-${tail.slice(8)}`
}

/** JSON as WeChat sends it: no spaces, UTF-8, keys in the given order. */
export function encodeJson(machine: Machine, value: object): string {
  const json = JSON.stringify(value)
  return machine.world.settings.escapeSlashes ? json.replaceAll('/', '\\/') : json
}

export interface ErrorDetails {
  /** The caller's address, for 40164. */
  ip?: string
  /** Text for an errcode that the catalogue lacks. */
  errmsg?: string
  /** For the call log. */
  appid?: string
}

function ridSeparatorOf(path: string): string {
  return familyOf(path)?.ridSeparator ?? ' rid: '
}

function fillIn(machine: Machine, path: string, template: string, ip: string): string {
  const wanted = machine.world.settings.ridOnEveryError && !template.includes('{rid}')
  const text = wanted ? `${template}${ridSeparatorOf(path)}{rid}` : template
  // A text that was borrowed from another family keeps its words but takes this family's dress.
  const dressed = text.replace(/(?:,)? rid: \{rid\}$/, `${ridSeparatorOf(path)}{rid}`)
  return dressed
    .replaceAll('{rid}', () => makeRid(machine))
    .replaceAll('{hint}', () => `${randomBase62(machine.random, 10)}-${randomBase62(machine.random, 5)}`)
    .replaceAll('{ip}', ip)
}

/** An error as this path sends it: HTTP 200, the family's content type, the catalogue's text. */
export function errorAnswer(
  machine: Machine,
  path: string,
  errcode: number,
  details: ErrorDetails = {},
): WechatAnswer {
  const template = details.errmsg ?? errmsgTemplate(path, errcode) ?? 'unknown error'
  const errmsg = fillIn(machine, path, template, details.ip ?? '127.0.0.1')
  return {
    status: 200,
    contentType: familyOf(path)?.contentType ?? 'application/json',
    body: encodeJson(machine, { errcode, errmsg }),
    errcode,
    errmsg,
    appid: details.appid,
  }
}

/** A success outside of `/sns/`, as JSON. `logged` goes into the call log. */
export function jsonAnswer(
  machine: Machine,
  value: object,
  logged: { appid: string; openid?: string },
): WechatAnswer {
  return { status: 200, contentType: 'application/json', body: encodeJson(machine, value), ...logged }
}
