import { createCipheriv } from 'node:crypto'
import type { Secret } from '../lib/secret.ts'
import type { Ciphertext } from '../lib/wechat/open-data.ts'

/** A payload of the user-info kind, as `wx.getUserInfo` brings it. */
export function sampleUserInfo(owner: {
  readonly appid: string
  readonly openid: string
  readonly nowMs: number
}) {
  return {
    openId: owner.openid,
    nickName: 'Band',
    gender: 1,
    language: 'zh_CN',
    city: 'Guangzhou',
    province: 'Guangdong',
    country: 'CN',
    avatarUrl: 'https://example.com/avatar.png',
    unionId: 'ocMvos6NjeKLIBqg5Mr9QjxrP1FA',
    watermark: { timestamp: Math.floor(owner.nowMs / 1000), appid: owner.appid },
  }
}

/** As WeChat encrypts for the client: AES-128-CBC, PKCS#7. */
export function encryptBytes(sessionKey: Secret, plain: Uint8Array, iv = Buffer.alloc(16, 0x5a)): Ciphertext {
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(sessionKey.reveal(), 'base64'), iv)
  return { iv, data: Buffer.concat([cipher.update(plain), cipher.final()]) }
}

export function encryptJson(sessionKey: Secret, value: unknown): Ciphertext {
  return encryptBytes(sessionKey, Buffer.from(JSON.stringify(value), 'utf8'))
}
