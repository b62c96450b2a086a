import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { NEW_YEAR_MS } from '../../testing/moved-clock.ts'
import { encryptBytes, encryptJson, sampleUserInfo } from '../../testing/open-data.ts'
import { Secret } from '../secret.ts'
import { readVectors } from './fixtures/read-vectors.ts'
import { isSignedBy, openUserInfo, parseCiphertext, parseRawUserInfo } from './open-data.ts'

const vectors = readVectors()
const sessionKey = new Secret('tiihtNczf5v6AKRyjwEUhQ==')
const owner = { appid: 'wx0000000000000001', openid: 'oGZUI0egBJY1zhBYw2KhdUfwVJJE', nowMs: NEW_YEAR_MS }
const payload = sampleUserInfo(owner)

function open(value: unknown, differing: Partial<typeof owner> = {}) {
  return openUserInfo(sessionKey, encryptJson(sessionKey, value), { ...owner, ...differing })
}

describe('what WeChat published', () => {
  const { appid, iv, encryptedData, sessionKey: key, plaintext } = vectors.userInfo
  const { openId, nickName, gender, language, city, province, country, avatarUrl, watermark } =
    JSON.parse(plaintext)
  const published = { appid, openid: String(openId), nowMs: watermark.timestamp * 1000 }

  test('[F31] its encrypted sample opens, without openId, unionId and watermark', () => {
    const ciphertext = parseCiphertext(encryptedData, iv)
    assert.ok(ciphertext)
    const opened = openUserInfo(new Secret(key), ciphertext, published)
    assert.deepEqual(opened, { nickName, avatarUrl, gender, language, city, province, country })
  })

  test('[F31][F32][F33] it opens for no other key, app, user or day', () => {
    const ciphertext = parseCiphertext(encryptedData, iv)
    assert.ok(ciphertext)
    const otherKey = new Secret(vectors.rawData.sessionKey)
    assert.equal(openUserInfo(otherKey, ciphertext, published), null)
    for (const wrong of [{ appid: 'wx0000000000000001' }, { openid: 'o-bob' }, { nowMs: NEW_YEAR_MS }])
      assert.equal(openUserInfo(new Secret(key), ciphertext, { ...published, ...wrong }), null)
  })

  test('[F30] its signed sample is signed', () => {
    const { sessionKey: signingKey, rawData, signature } = vectors.rawData
    assert.equal(isSignedBy(new Secret(signingKey), rawData, signature), true)
    assert.equal(parseRawUserInfo(rawData)?.nickName, 'Band')
  })
})

describe('watermark', () => {
  test('[F32][T07] of another app, of none or of a wrong form opens nothing', () => {
    assert.notEqual(open(payload), null)
    const { watermark, ...without } = payload
    const wrong = [
      { ...watermark, appid: 'wx0000000000000002' },
      { ...watermark, appid: watermark.appid.toUpperCase() },
      { ...watermark, appid: [watermark.appid] },
      { timestamp: watermark.timestamp },
      { appid: watermark.appid },
      { ...watermark, timestamp: String(watermark.timestamp) },
      { ...watermark, timestamp: null },
      null,
      'wx0000000000000001',
      [],
    ]
    for (const one of wrong) assert.equal(open({ ...payload, watermark: one }), null)
    assert.equal(open(without), null)
  })

  test('[F33] is good for five minutes on either side, to the second', () => {
    for (const seconds of [-300, -299, 0, 299, 300]) {
      const nowMs = NEW_YEAR_MS + seconds * 1000
      assert.notEqual(open(payload, { nowMs }), null, String(seconds))
    }
    for (const ms of [300_001, -300_001, 86_400_000]) {
      assert.equal(open(payload, { nowMs: NEW_YEAR_MS + ms }), null)
    }
    assert.equal(openText(JSON.stringify(payload).replace(/"timestamp":\d+/, '"timestamp":1e400')), null)
  })
})

function openText(text: string) {
  return openUserInfo(sessionKey, encryptBytes(sessionKey, Buffer.from(text)), owner)
}

describe('fields', () => {
  test('[F31] a payload of getUserProfile has no openId and opens', () => {
    const { openId: _, unionId: __, ...profile } = payload
    assert.equal(open({ ...profile, is_demote: true })?.nickName, payload.nickName)
  })

  test('[T05] one field more or one of a wrong type means another kind of data', () => {
    const { nickName: _, ...nameless } = payload
    const { avatarUrl: __, ...faceless } = payload
    const wrong = [
      nameless,
      faceless,
      { ...payload, phoneNumber: '13800000000' },
      { ...payload, openGId: 'g' },
      { ...payload, OpenId: 'o-bob' },
      { ...payload, nickName: 7 },
      { ...payload, avatarUrl: null },
      { ...payload, gender: '1' },
      { ...payload, language: 1 },
      { ...payload, city: null },
      { ...payload, province: [] },
      { ...payload, country: {} },
      { ...payload, openId: null },
      { ...payload, openId: [owner.openid] },
    ]
    for (const value of wrong) assert.equal(open(value), null, JSON.stringify(value))
  })

  test('[T25] __proto__ in the payload is one field more', () => {
    const text = JSON.stringify(payload).replace('{', '{"__proto__":{"openId":"o-bob"},')
    assert.equal(openText(text), null)
    assert.equal(parseRawUserInfo(text), null)
    const { watermark: _, ...bare } = payload
    const inherited = JSON.stringify(bare).replace(
      '{',
      `{"__proto__":{"watermark":${JSON.stringify(payload.watermark)}},`,
    )
    assert.equal(openText(inherited), null)
  })

  test('what may be missing is filled with nothing', () => {
    const { nickName, avatarUrl, watermark } = payload
    const filled = { nickName, avatarUrl, gender: 0, language: '', city: '', province: '', country: '' }
    assert.deepEqual(open({ nickName, avatarUrl, watermark }), filled)
    assert.deepEqual(parseRawUserInfo(JSON.stringify({ nickName, avatarUrl })), filled)
  })

  test('raw data that is no user info is none', () => {
    for (const text of [
      '',
      '{',
      '[]',
      'null',
      '"x"',
      '1',
      '{}',
      '{"nickName":"x"}',
      `[${JSON.stringify(payload)}]`,
    ])
      assert.equal(parseRawUserInfo(text), null)
  })
})

describe('failing alike', () => {
  test('[T06] pad, text, JSON, appid, openId, age, length and key fail with the identical result', () => {
    const good = encryptJson(sessionKey, payload)
    const notUtf8 = Buffer.from(JSON.stringify({ ...payload, nickName: '\xff' }), 'latin1')
    const shortened = { iv: good.iv, data: good.data.subarray(0, -16) }
    const garbledEnd = { iv: good.iv, data: Buffer.from(good.data) }
    garbledEnd.data[good.data.length - 1] = (good.data.at(-1) ?? 0) ^ 1
    const results = [
      openUserInfo(sessionKey, shortened, owner),
      openUserInfo(sessionKey, garbledEnd, owner),
      openUserInfo(sessionKey, encryptBytes(sessionKey, Buffer.from([0xff, 0xfe])), owner),
      openUserInfo(sessionKey, encryptBytes(sessionKey, Buffer.from('{"openId":')), owner),
      openUserInfo(sessionKey, encryptBytes(sessionKey, notUtf8), owner),
      openUserInfo(sessionKey, encryptBytes(sessionKey, Buffer.alloc(0)), owner),
      openUserInfo(sessionKey, { iv: good.iv, data: Buffer.alloc(15) }, owner),
      openUserInfo(sessionKey, { iv: Buffer.alloc(3), data: good.data }, owner),
      openUserInfo(new Secret('HyVFkGl5F5OQWJZZaNzBBg=='), good, owner),
      openUserInfo(new Secret('not a key'), good, owner),
      open([payload]),
      open({ ...payload, openId: 'o-bob' }),
      open(payload, { appid: 'wx0000000000000002' }),
      open(payload, { nowMs: NEW_YEAR_MS + 300_001 }),
    ]
    for (const result of results) assert.equal(result, null)
  })
})

describe('base64', () => {
  const { iv, encryptedData } = vectors.userInfo

  test('an iv has 16 bytes and data whole blocks, at least one', () => {
    assert.equal(parseCiphertext(encryptedData, iv)?.iv.length, 16)
    for (const length of [0, 1, 15, 17, 32])
      assert.equal(parseCiphertext(encryptedData, Buffer.alloc(length).toString('base64')), null)
    for (const length of [0, 1, 15, 17, 31])
      assert.equal(parseCiphertext(Buffer.alloc(length).toString('base64'), iv), null)
  })

  test('only the one right way of writing is read', () => {
    const block = Buffer.alloc(16, 0xfb).toString('base64')
    assert.notEqual(parseCiphertext(block, iv), null)
    const wrong = [
      block.replaceAll('+', '-').replaceAll('/', '_'),
      block.replaceAll('+', ' '),
      block.slice(0, -1),
      block.slice(0, -2),
      `${block}=`,
      `${block}\n`,
      ` ${block}`,
      `${block.slice(0, 4)}\n${block.slice(4)}`,
      `${block.slice(0, -3)}x==`,
      `${block}${block}`,
      `${block.slice(0, 8)}*${block.slice(8)}`,
    ]
    for (const text of wrong) {
      assert.equal(parseCiphertext(text, iv), null, text)
      assert.equal(parseCiphertext(block, text), null, text)
    }
  })
})

describe('signature', () => {
  const rawData =
    '{"nickName":"小明🌏","gender":0,"language":"zh_CN","city":"","province":"广东","country":"中国","avatarUrl":"x"}'
  const signature = createHash('sha1')
    .update(rawData + sessionKey.reveal())
    .digest('hex')

  test('[F30] Chinese text is signed as UTF-8', () => {
    assert.equal(isSignedBy(sessionKey, rawData, signature), true)
    assert.equal(parseRawUserInfo(rawData)?.province, '广东')
    const escaped = rawData.replace('小明', '\\u5c0f\\u660e')
    assert.deepEqual(JSON.parse(escaped), JSON.parse(rawData))
    assert.equal(isSignedBy(sessionKey, escaped, signature), false)
  })

  test('[F30] JSON that was written anew is not what was signed', () => {
    const spaced = JSON.stringify(JSON.parse(rawData), null, 1)
    const turned = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(rawData)).reverse()))
    for (const other of [spaced, turned, `${rawData} `, `\uFEFF${rawData}`, rawData.slice(1), ''])
      assert.equal(isSignedBy(sessionKey, other, signature), false)
  })

  test('[F30] hex may be upper case, and must be all of the signature and nothing more', () => {
    assert.equal(isSignedBy(sessionKey, rawData, signature.toUpperCase()), true)
    const wrong = [
      '',
      signature.slice(1),
      signature.slice(0, -1),
      signature.slice(0, -2),
      `${signature}00`,
      `${signature}zz`,
      `${signature}\n`,
      ` ${signature}`,
      `0x${signature}`,
      `${signature}${signature}`,
      Buffer.from(signature, 'hex').toString('base64'),
      [...signature].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xff00)).join(''),
      '0'.repeat(40),
    ]
    for (const text of wrong) assert.equal(isSignedBy(sessionKey, rawData, text), false, text)
  })

  test('[F30] the key is its base64 text, and another key signs nothing', () => {
    const decoded = createHash('sha1')
      .update(rawData)
      .update(Buffer.from(sessionKey.reveal(), 'base64'))
      .digest('hex')
    assert.equal(isSignedBy(sessionKey, rawData, decoded), false)
    assert.equal(isSignedBy(new Secret('HyVFkGl5F5OQWJZZaNzBBg=='), rawData, signature), false)
  })
})
