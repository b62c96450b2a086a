import { type ByteSource, hexOf, platformBytes } from './byte-source.ts'
import type { Phone } from './phone.ts'

/** The files of a phone by their path. Hand the same map to the next wx object to play a restart. */
export type FileMap = Map<string, Uint8Array | string>

/** Where a mini program may keep files: `wx.env.USER_DATA_PATH`. */
export function userDataPath(phone: Phone): string {
  return phone.devtools ? 'http://usr' : 'wxfile://usr'
}

/** A path as WeChat gives it to what a camera, a chooser or a download yields. */
export function tempPath(phone: Phone, extension: string, random: ByteSource = platformBytes): string {
  const name = hexOf(random.bytes(16))
  const suffix = extension === '' ? '' : `.${extension}`
  return phone.devtools ? `http://tmp/${name}${suffix}` : `wxfile://tmp_${name}${suffix}`
}

/** `png` of `b/c.png`; empty where there is none. */
export function extensionOf(path: string): string {
  return /\.([a-z0-9]{1,8})$/i.exec(path)?.[1]?.toLowerCase() ?? ''
}

export const TYPES: Readonly<Record<string, string>> = {
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
  png: 'image/png',
  txt: 'text/plain',
  webp: 'image/webp',
}

export function typeOf(path: string): string {
  return TYPES[extensionOf(path)] ?? 'application/octet-stream'
}
