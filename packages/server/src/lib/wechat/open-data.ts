import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../secret.ts'
import { parseObject } from './parse-object.ts'

const BLOCK_BYTES = 16
/** SHA-1 in hex; decoding alone would overlook what follows it. */
const SIGNATURE = /^[0-9A-Fa-f]{40}$/
/** How old a watermark may be; WeChat signs when the client asks, so honest data is seconds old. */
const MAX_AGE_MS = 300_000

/** What `wx.getUserProfile` or `wx.getUserInfo` tells: names and pictures, nothing that identifies. */
export interface OpenUserInfo {
  readonly nickName: string
  readonly avatarUrl: string
  readonly gender: number
  readonly language: string
  readonly city: string
  readonly province: string
  readonly country: string
}

export interface OpenDataOwner {
  readonly appid: string
  readonly openid: string
  readonly nowMs: number
}

/** Decoded and measured, so that what is left to fail depends on the key. */
export interface Ciphertext {
  readonly iv: Buffer
  readonly data: Buffer
}

/** Null where the texts are not base64 of 16 bytes and of whole blocks: that is plain to see without any key. */
export function parseCiphertext(encryptedData: string, iv: string): Ciphertext | null {
  const parsed = { iv: decodeBase64(iv), data: decodeBase64(encryptedData) }
  if (parsed.iv?.length !== BLOCK_BYTES) return null
  if (!parsed.data || parsed.data.length === 0 || parsed.data.length % BLOCK_BYTES !== 0) return null
  return { iv: parsed.iv, data: parsed.data }
}

/**
 * Opens `encryptedData` (AES-128-CBC, PKCS#7) and checks all that can be checked of it: exact fields, watermark's
 * appid and age, openId. The cipher has no integrity, so every failure is the same null: padding, JSON, appid
 * and openId must not be told apart. Returned data carries no identity.
 */
export function openUserInfo(
  sessionKey: Secret,
  ciphertext: Ciphertext,
  owner: OpenDataOwner,
): OpenUserInfo | null {
  const plain = decrypt(Buffer.from(sessionKey.reveal(), 'base64'), ciphertext)
  const parsed = plain === null ? null : parseObject(plain)
  if (parsed === null || !isWatermarked(parsed, owner)) return null
  if (parsed['openId'] !== undefined && parsed['openId'] !== owner.openid) return null
  return pickUserInfo(parsed)
}

/** `signature = hex(sha1(rawData + session_key))`, the key as text (数据签名校验). Compared in constant time. */
export function isSignedBy(sessionKey: Secret, rawData: string, signature: string): boolean {
  if (!SIGNATURE.test(signature)) return false
  const expected = createHash('sha1').update(rawData, 'utf8').update(sessionKey.reveal(), 'utf8').digest()
  return timingSafeEqual(Buffer.from(signature, 'hex'), expected)
}

/** The fields of signed `rawData`, or null where it is no user info. */
export function parseRawUserInfo(rawData: string): OpenUserInfo | null {
  const parsed = parseObject(rawData)
  return parsed === null ? null : pickUserInfo(parsed)
}

function decrypt(key: Buffer, ciphertext: Ciphertext): string | null {
  try {
    const decipher = createDecipheriv('aes-128-cbc', key, ciphertext.iv)
    const plain = Buffer.concat([decipher.update(ciphertext.data), decipher.final()])
    return new TextDecoder('utf-8', { fatal: true }).decode(plain)
  } catch {
    return null
  }
}

function isWatermarked(parsed: Readonly<Record<string, unknown>>, owner: OpenDataOwner): boolean {
  const watermark = parsed['watermark']
  if (typeof watermark !== 'object' || watermark === null) return false
  if (!('appid' in watermark) || watermark.appid !== owner.appid) return false
  if (!('timestamp' in watermark) || typeof watermark.timestamp !== 'number') return false
  return Math.abs(owner.nowMs - watermark.timestamp * 1000) <= MAX_AGE_MS
}

/** Fields the payload may have; one more means that it is not this kind. `unionId` is never believed from here. */
const USER_INFO_FIELDS = new Set([
  'openId',
  'unionId',
  'nickName',
  'gender',
  'language',
  'city',
  'province',
  'country',
  'avatarUrl',
  'is_demote',
  'watermark',
])

function pickUserInfo(parsed: Readonly<Record<string, unknown>>): OpenUserInfo | null {
  if (Object.keys(parsed).some((field) => !USER_INFO_FIELDS.has(field))) return null
  const { nickName, avatarUrl } = parsed
  const { gender = 0, language = '', city = '', province = '', country = '' } = parsed
  if (typeof nickName !== 'string' || typeof avatarUrl !== 'string') return null
  if (typeof gender !== 'number' || typeof language !== 'string') return null
  if (typeof city !== 'string' || typeof province !== 'string' || typeof country !== 'string') return null
  return { nickName, avatarUrl, gender, language, city, province, country }
}

function decodeBase64(text: string): Buffer | null {
  const decoded = Buffer.from(text, 'base64')
  return decoded.toString('base64') === text ? decoded : null
}
