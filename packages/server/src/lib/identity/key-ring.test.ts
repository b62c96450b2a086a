import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sampleVault } from '../../testing/sample-vault.ts'
import { Secret } from '../secret.ts'
import { keysOf, ringWith } from './key-ring.ts'

const owner = { appid: 'wx0000000000000001', openid: 'o-alice' }
const stranger = { ...owner, openid: 'o-bob' }
const vault = sampleVault('k1')

function ringOf(...names: readonly string[]): readonly string[] {
  return names.reduceRight<readonly string[]>(
    (ring, name) => ringWith(ring, new Secret(name), owner, vault) ?? ring,
    [],
  )
}

function namesIn(ring: readonly string[]): string[] {
  return keysOf(ring, owner, vault).map((key) => key.reveal())
}

test('[F35] the newest three session_keys are kept, newest first', () => {
  assert.deepEqual(namesIn(ringOf('d', 'c', 'b', 'a')), ['d', 'c', 'b'])
})

test('[F35] the key that stands in front already is not written again', () => {
  const ring = ringOf('c', 'b', 'a')
  assert.equal(ringWith(ring, new Secret('c'), owner, vault), null)
})

test('[F35] a key that comes back moves to the front and stands there once', () => {
  const ring = ringWith(ringOf('c', 'b', 'a'), new Secret('a'), owner, vault)
  assert.deepEqual(namesIn(ring ?? []), ['a', 'c', 'b'])
})

test('[F35][F6] a ring opens for nobody else, and what does not open is left out', () => {
  const ring = ringOf('b', 'a')
  assert.deepEqual(keysOf(ring, stranger, vault), [])
  assert.deepEqual(keysOf(ring, owner, sampleVault('other')), [])
  assert.deepEqual(namesIn(['garbage', ...ring, '']), ['b', 'a'])
})

test('[F6] a key under a master key that is gone is taken for another, and the new one is kept', () => {
  const sealedBefore = ringWith([], new Secret('a'), owner, sampleVault('gone')) ?? []
  const ring = ringWith(sealedBefore, new Secret('a'), owner, vault) ?? []
  assert.deepEqual(namesIn(ring), ['a'])
})

test('[F6] a login seals the whole ring under the newest master key, so that the old one can go', () => {
  const [before, during, after] = [sampleVault('old'), sampleVault('next', 'old'), sampleVault('next')]
  const ring = ringWith(ringWith([], new Secret('a'), owner, before) ?? [], new Secret('b'), owner, before)
  const resealed = ringWith(ring ?? [], new Secret('b'), owner, during) ?? []
  assert.deepEqual(
    keysOf(resealed, owner, after).map((kept) => kept.reveal()),
    ['b', 'a'],
  )
  assert.equal(ringWith(resealed, new Secret('b'), owner, during), null)
})

test('[F35] over any logins the ring holds the last three different keys in order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 20 }), (logins) => {
      let ring: readonly string[] = []
      let model: string[] = []
      for (const name of logins) {
        const next = ringWith(ring, new Secret(name), owner, vault)
        assert.equal(next === null, model[0] === name)
        ring = next ?? ring
        model = [name, ...model.filter((one) => one !== name)].slice(0, 3)
        assert.deepEqual(namesIn(ring), model)
      }
    }),
    { numRuns: 500 },
  )
})
