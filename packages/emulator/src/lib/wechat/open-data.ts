import { createCipheriv, createHash } from 'node:crypto'
import { EmulatorError, type Machine, nowSeconds } from '../machine.ts'
import { requireApp } from './login.ts'
import { fieldsOf, type Json, type OpenDataKind } from './open-data-fields.ts'
import { openidOf, unionidOf } from './open-id.ts'
import { livingKey, renewKey } from './session-key.ts'

export interface OpenDataInput {
  appid: string
  user: string
  /**
   * `userInfo` (default) as `wx.getUserInfo` gives it; `userProfile` as `wx.getUserProfile`: without openId and unionId;
   * `phone` as the phone button, `weRun` as `wx.getWeRunData`, `groupShare` as `wx.getShareInfo`.
   */
  kind?: OpenDataKind | undefined
  /** For tests of the receiving side, each in the place of the true value. null leaves the field out. */
  openId?: string | null | undefined
  unionId?: string | null | undefined
  watermark?: { appid?: string | undefined; timestamp?: number | undefined } | null | undefined
  /** Further fields, or other values of its own. */
  fields?: Record<string, Json> | undefined
  /** Encrypted as it stands instead of the JSON. */
  plaintext?: string | undefined
  /** Base64; used instead of the living key, also for the signature. */
  sessionKey?: string | undefined
  /** Base64 of 16 bytes; random if absent. */
  iv?: string | undefined
}

export interface OpenData {
  /** The fields alone, as JSON text; what `signature` covers. WeChat hands both out for the two kinds of profile alone. */
  rawData: string
  /** hex(sha1(rawData + session_key)) */
  signature: string
  /** AES-128-CBC with PKCS#7 padding, base64. */
  encryptedData: string
  iv: string
}

/** The given value, the true one where none is given, nothing where null is. */
function optional(
  name: string,
  given: string | null | undefined,
  real: string | undefined,
): Record<string, Json> {
  const value = given === undefined ? real : given
  return value === null || value === undefined ? {} : { [name]: value }
}

function plaintextOf(machine: Machine, input: OpenDataInput, profile: Record<string, Json>): string {
  const { appid, user, watermark } = input
  const { apps, idSeed } = machine.world
  const hidesIds = (input.kind ?? 'userInfo') !== 'userInfo'
  const platform = apps.get(appid)?.openPlatform
  const openid = hidesIds ? undefined : openidOf(idSeed, appid, user)
  const unionid = hidesIds || !platform ? undefined : unionidOf(idSeed, platform, user)
  const mark = { timestamp: nowSeconds(machine), appid, ...watermark }
  return JSON.stringify({
    ...optional('openId', input.openId, openid),
    ...profile,
    ...optional('unionId', input.unionId, unionid),
    ...(watermark === null ? {} : { watermark: mark }),
  })
}

/** AES-128-CBC, PKCS#7, everything base64: the open data scheme. */
export function encryptOpenData(plaintext: string, sessionKey: string, iv: string): string {
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(sessionKey, 'base64'), Buffer.from(iv, 'base64'))
  return Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]).toString('base64')
}

/** The session_key goes in as its base64 text, not as the bytes it stands for. */
export function signRawData(rawData: string, sessionKey: string): string {
  return createHash('sha1')
    .update(rawData + sessionKey, 'utf8')
    .digest('hex')
}

function keyFor(machine: Machine, input: OpenDataInput): string {
  if (input.sessionKey !== undefined) return input.sessionKey
  const living = livingKey(machine, input)
  if (living) return renewKey(machine, living).sessionKey
  throw new EmulatorError(
    'no_session_key',
    `${input.user} has no living session_key in ${input.appid}`,
    'log the user in first (POST /_emulator/wx/login or login())',
  )
}

function requireSixteenBytes(name: string, base64: string): void {
  if (Buffer.from(base64, 'base64').length === 16) return
  throw new EmulatorError('invalid_input', `${name} is not 16 bytes`, 'give base64 of 16 bytes')
}

/**
 * What `wx.getUserInfo` and its like hand to a page, made with the living session_key and the virtual clock.
 *
 * @throws {EmulatorError} `unknown_app`, `no_session_key`, `invalid_input`
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
 */
export function openData(machine: Machine, input: OpenDataInput): OpenData {
  requireApp(machine, input.appid)
  const sessionKey = keyFor(machine, input)
  const iv = input.iv ?? machine.random.bytes(16).toString('base64')
  requireSixteenBytes('sessionKey', sessionKey)
  requireSixteenBytes('iv', iv)
  const { appid, user, kind = 'userInfo' } = input
  const fields = { ...fieldsOf(machine, appid, user, kind), ...input.fields }
  const rawData = JSON.stringify(fields)
  const plaintext = input.plaintext ?? plaintextOf(machine, input, fields)
  return {
    rawData,
    signature: signRawData(rawData, sessionKey),
    encryptedData: encryptOpenData(plaintext, sessionKey, iv),
    iv,
  }
}
