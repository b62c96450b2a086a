import assert from 'node:assert/strict'
import { createDecipheriv } from 'node:crypto'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { sampleMasterKey, sampleVault } from '../testing/sample-vault.ts'
import { createSeededRandom } from '../testing/seeded-random.ts'
import { systemRandom } from './random.ts'
import { Secret } from './secret.ts'
import { createVault } from './vault.ts'

const owner = { appid: 'wx0000000000000001', openid: 'o-alice' }
const sessionKey = new Secret('tiihtNczf5v6AKRyjwEUhQ==')

describe('sealing', () => {
  test('[F6] what is sealed opens for its owner and shows nothing of the key', () => {
    const vault = sampleVault('k1')
    const sealed = vault.seal(sessionKey, owner)
    assert.match(sealed, /^v1\.k1\.[\w-]{16}\.[\w-]{32}\.[\w-]{22}$/)
    assert.equal(vault.open(sealed, owner)?.reveal(), sessionKey.reveal())
    for (const form of ['utf8', 'hex', 'base64url'] as const) {
      assert.equal(sealed.includes(Buffer.from(sessionKey.reveal()).toString(form)), false)
      assert.equal(sealed.includes(Buffer.from(sessionKey.reveal(), 'base64').toString(form)), false)
    }
  })

  test('[F6] it is AES-256-GCM, bound to format, key, app and user, as another reader finds it', () => {
    const sealed = sampleVault('k1').seal(sessionKey, owner)
    const [, , iv, ciphertext, tag] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'))
    assert.ok(iv && ciphertext && tag)
    const key = Buffer.from(sampleMasterKey('k1').key.reveal(), 'base64')
    const decipher = createDecipheriv('aes-256-gcm', key, iv).setAuthTag(tag)
    decipher.setAAD(Buffer.from(`v1\0k1\0${owner.appid}\0${owner.openid}`))
    const opened = Buffer.concat([decipher.update(ciphertext), decipher.final()])
    assert.equal(opened.toString(), sessionKey.reveal())
  })

  test('the same key sealed twice looks different', () => {
    const vault = createVault([sampleMasterKey('k1')], systemRandom)
    const sealed = new Set(Array.from({ length: 1_000 }, () => vault.seal(sessionKey, owner)))
    assert.equal(sealed.size, 1_000)
  })

  test('[F6] any text comes back for any owner, and for no other', () => {
    const vault = sampleVault('k1')
    const anyName = fc.string({
      unit: fc.constantFrom('a', 'B', '1', '-', '_', '.'),
      minLength: 1,
      maxLength: 8,
    })
    const anyText = fc.string({ unit: 'grapheme' })
    fc.assert(
      fc.property(anyText, anyName, anyName, anyName, (text, appid, openid, other) => {
        const sealed = vault.seal(new Secret(text), { appid, openid })
        assert.equal(vault.open(sealed, { appid, openid })?.reveal(), text)
        assert.equal(vault.open(sealed, { appid: other, openid }) !== null, other === appid)
        assert.equal(vault.open(sealed, { appid, openid: other }) !== null, other === openid)
        assert.equal(vault.open(sealed, { appid: openid, openid: appid }) !== null, openid === appid)
        assert.equal(vault.open(sealed, { appid: appid + openid, openid: '' }), null)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('what is not as it was', () => {
  test('[F6] with any one bit of it flipped it never opens', () => {
    const vault = sampleVault('k1')
    const sealed = Buffer.from(vault.seal(sessionKey, owner), 'latin1')
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const flipped = Buffer.from(sealed)
      flipped[bit >> 3] = (sealed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      assert.equal(vault.open(flipped.toString('latin1'), owner), null, flipped.toString('latin1'))
    }
  })

  test('[F6] written another way, cut short, extended or with swapped parts it never opens', () => {
    const vault = sampleVault('k1')
    const sealed = vault.seal(sessionKey, owner)
    const other = vault.seal(new Secret('HyVFkGl5F5OQWJZZaNzBBg=='), owner)
    const [format, kid, iv, ciphertext, tag = ''] = sealed.split('.')
    const parts = other.split('.')
    const wrong = [
      ...Array.from({ length: sealed.length }, (_, length) => sealed.slice(0, length)),
      `${sealed}=`,
      `${sealed}==`,
      `${sealed}\n`,
      ` ${sealed}`,
      `${sealed}.`,
      `${sealed}.x`,
      sealed + sealed,
      [format, kid, parts[2], ciphertext, tag].join('.'),
      [format, kid, iv, parts[3], tag].join('.'),
      [format, kid, iv, ciphertext, parts[4]].join('.'),
      [format, kid, iv, '', tag].join('.'),
      [format, kid, '', ciphertext, tag].join('.'),
      [format, '', iv, ciphertext, tag].join('.'),
      [format, kid, iv, ciphertext, tag.slice(0, 16)].join('.'),
      ['v2', kid, iv, ciphertext, tag].join('.'),
      sealed.replaceAll('-', '+').replaceAll('_', '/').concat('=='),
      '....',
      '',
    ]
    for (const text of wrong) assert.equal(vault.open(text, owner), null, text)
  })

  test('[F6] no text that was not sealed opens or throws', () => {
    const vault = sampleVault('k1')
    const part = fc.string({ unit: fc.constantFrom('A', 'z', '-', '_', '=', '9'), maxLength: 24 })
    const anyForm = fc.tuple(
      fc.constantFrom('v1', 'v2'),
      fc.constantFrom('k1', 'gone', '__proto__'),
      part,
      part,
      part,
    )
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      anyForm.map((parts) => parts.join('.')),
    )
    fc.assert(
      fc.property(anyText, (text) => {
        assert.equal(vault.open(text, owner), null)
      }),
      { numRuns: 4_000 },
    )
  })
})

describe('rotation', () => {
  test('[F6] the first key seals, all of them open', () => {
    const before = sampleVault('old').seal(sessionKey, owner)
    const both = sampleVault('new', 'old')
    const after = both.seal(sessionKey, owner)
    assert.match(after, /^v1\.new\./)
    assert.equal(both.open(before, owner)?.reveal(), sessionKey.reveal())
    assert.equal(both.open(after, owner)?.reveal(), sessionKey.reveal())
  })

  test('[F6] what was sealed under a key that is gone does not open, and nothing breaks', () => {
    const sealed = sampleVault('old').seal(sessionKey, owner)
    assert.equal(sampleVault('new').open(sealed, owner), null)
    assert.equal(sampleVault('new').open(sealed.replace('.old.', '.new.'), owner), null)
  })
})

describe('wiring', () => {
  const random = createSeededRandom()

  test('[F6] a key that has not 32 bytes is refused by name, its value is not told', () => {
    for (const bytes of [0, 16, 31, 33]) {
      const value = random.bytes(bytes).toString('base64')
      assert.throws(
        () => createVault([{ kid: 'k1', key: new Secret(value) }], random),
        (error) => {
          assert.ok(error instanceof RangeError)
          assert.equal(error.message, 'Master key "k1" must be base64 of 32 bytes')
          return true
        },
      )
    }
    assert.throws(() => createVault([], random), { message: 'A vault needs at least one master key' })
  })

  test('two keys of one name, or a name that would not be found again, are refused', () => {
    const { key } = sampleMasterKey('k1')
    const twice = [sampleMasterKey('k1'), { kid: 'k1', key: sampleMasterKey('k2').key }]
    assert.throws(() => createVault(twice, random), /Two master keys are named "k1"/)
    for (const kid of ['', 'a.b', 'a b', 'ключ', 'a\0b', 'x'.repeat(65)])
      assert.throws(() => createVault([{ kid, key }], random), RangeError, kid)
  })
})
