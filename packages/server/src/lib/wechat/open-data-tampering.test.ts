import assert from 'node:assert/strict'
import { createDecipheriv } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { NEW_YEAR_MS } from '../../testing/moved-clock.ts'
import { encryptJson, sampleUserInfo } from '../../testing/open-data.ts'
import { Secret } from '../secret.ts'
import { type Ciphertext, openUserInfo } from './open-data.ts'

const sessionKey = new Secret('tiihtNczf5v6AKRyjwEUhQ==')
const owner = { appid: 'wx0000000000000001', openid: 'oGZUI0egBJY1zhBYw2KhdUfwVJJE', nowMs: NEW_YEAR_MS }
const full = sampleUserInfo(owner)
const { openId, unionId, watermark, ...names } = full
const { gender: _, language: __, ...fewer } = names

/** As WeChat orders them, with the identity first, in the middle, last and not at all, short and long. */
const payloads: Readonly<Record<string, unknown>>[] = [
  full,
  { ...names, openId, unionId, watermark },
  { watermark, ...names, unionId, openId },
  { ...names, watermark },
  { nickName: 'A', avatarUrl: '', openId, watermark },
  { ...fewer, nickName: '小明'.repeat(20), openId, watermark },
  { watermark: { timestamp: watermark.timestamp, appid: watermark.appid }, openId, ...fewer },
  { openId, ...names, is_demote: false, watermark },
]
const ciphertexts = payloads.map((payload) => encryptJson(sessionKey, payload))

/** What it says of who it is from, read with no check at all; null where it is no JSON. */
function identityIn({ iv, data }: Ciphertext): readonly [openId: unknown, appid: unknown] | null {
  try {
    const decipher = createDecipheriv('aes-128-cbc', Buffer.from(sessionKey.reveal(), 'base64'), iv)
    const text = Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8')
    const parsed = JSON.parse(text)
    return [parsed.openId, parsed.watermark?.appid]
  } catch {
    return null
  }
}

function flipped(bytes: Buffer, bits: readonly number[]): Buffer {
  const copy = Buffer.from(bytes)
  for (const bit of bits) copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}

/** Whether it was accepted; fails where what was accepted says that it is somebody else's. */
function isAcceptedAsOwn(ciphertext: Ciphertext): boolean {
  const opened = openUserInfo(sessionKey, ciphertext, owner)
  if (opened === null) return false
  const [saidOpenId, appid] = identityIn(ciphertext) ?? assert.fail('accepted what is no JSON')
  assert.ok(saidOpenId === undefined || saidOpenId === owner.openid, `accepted openId ${String(saidOpenId)}`)
  assert.equal(appid, owner.appid)
  assert.deepEqual(Object.keys(opened).sort(), Object.keys(names).sort())
  return true
}

test('[T05] with any one bit of iv or data flipped, no payload is accepted for another user or app', () => {
  let cases = 0
  for (const ciphertext of ciphertexts) {
    assert.equal(isAcceptedAsOwn(ciphertext), true)
    for (let bit = 0; bit < 128; bit += 1)
      isAcceptedAsOwn({ ...ciphertext, iv: flipped(ciphertext.iv, [bit]) })
    for (let bit = 0; bit < ciphertext.data.length * 8; bit += 1)
      isAcceptedAsOwn({ ...ciphertext, data: flipped(ciphertext.data, [bit]) })
    cases += 128 + ciphertext.data.length * 8
  }
  assert.ok(cases > 15_000, String(cases))
})

test('[T05] 50,000 payloads with bits flipped, blocks moved, cut or joined: none says another user or app', () => {
  const anyBits = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 6 })
  const anyWhere = fc.nat({ max: 1_000 })
  let accepted = 0
  fc.assert(
    fc.property(
      fc.nat({ max: payloads.length - 1 }),
      fc.constantFrom('iv', 'data', 'first block', 'swap', 'cut', 'splice'),
      anyBits,
      anyWhere,
      (number, change, bits, where) => {
        const ciphertext = ciphertexts[number] ?? assert.fail()
        const other = ciphertexts[where % ciphertexts.length] ?? assert.fail()
        if (isAcceptedAsOwn(changed(ciphertext, other, change, bits, where))) accepted += 1
      },
    ),
    { numRuns: 50_000 },
  )
  assert.ok(accepted > 0, 'nothing was accepted: the changes are too coarse to prove anything')
})

function changed(
  { iv, data }: Ciphertext,
  other: Ciphertext,
  change: string,
  bits: readonly number[],
  where: number,
): Ciphertext {
  const blocks = data.length / 16
  const at = 16 * (where % blocks)
  if (change === 'iv')
    return {
      iv: flipped(
        iv,
        bits.map((bit) => bit % 128),
      ),
      data,
    }
  if (change === 'data')
    return {
      iv,
      data: flipped(
        data,
        bits.map((bit) => bit % (data.length * 8)),
      ),
    }
  if (change === 'first block')
    return {
      iv,
      data: flipped(
        data,
        bits.map((bit) => bit % 128),
      ),
    }
  if (change === 'cut')
    return {
      iv: data.subarray(at, at + 16),
      data: Buffer.concat([data.subarray(at + 16), data.subarray(0, 16)]),
    }
  if (change === 'swap') return { iv: Buffer.from(iv).reverse(), data }
  const from = 16 * ((bits[0] ?? 0) % (other.data.length / 16))
  return { iv, data: Buffer.concat([data.subarray(0, at), other.data.subarray(from)]) }
}

test('[T05] who knows the text can write a first block of their own, and still is nobody else', () => {
  const ciphertext = encryptJson(sessionKey, full)
  const start = JSON.stringify(full).slice(0, 16)
  for (const wanted of [
    '{"openId":"oEVIL',
    '{"openid":"oGZUI',
    '{"unionId":"oGZU',
    '{"nickNm":"oGZUIx',
    '{         "oGZUI',
  ]) {
    const mask = Buffer.from(start).map((byte, place) => byte ^ (wanted.charCodeAt(place) || 0))
    const iv = Buffer.from(ciphertext.iv).map((byte, place) => byte ^ (mask[place] ?? 0))
    isAcceptedAsOwn({ iv: Buffer.from(iv), data: ciphertext.data })
  }
  const evil = Buffer.from('{"openId":"oEVIL').map((byte, place) => byte ^ start.charCodeAt(place))
  const iv = Buffer.from(Buffer.from(ciphertext.iv).map((byte, place) => byte ^ (evil[place] ?? 0)))
  assert.equal(String(identityIn({ iv, data: ciphertext.data })?.[0]).startsWith('oEVIL'), true)
  assert.equal(openUserInfo(sessionKey, { iv, data: ciphertext.data }, owner), null)
})
