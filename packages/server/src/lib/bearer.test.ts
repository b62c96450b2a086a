import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readBearer } from './bearer.ts'

test('[T15] a token comes out exactly where the header holds one and nothing else', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Za-z0-9._~+/=-]{1,80}$/),
      fc.constantFrom('Bearer ', 'bearer  ', 'BEARER '),
      (token, scheme) => {
        assert.deepEqual(readBearer(scheme + token), { kind: 'bearer', token })
        for (const second of [',', ', Bearer x', ' x', '\tx']) {
          assert.deepEqual(readBearer(scheme + token + second), { kind: 'ambiguous' })
        }
      },
    ),
    { numRuns: 10_000 },
  )
})

test('[T15] any text is read in one way, and a token that is read stands in it', () => {
  const header = fc.oneof(
    fc.string(),
    fc.string().map((rest) => `Bearer ${rest}`),
  )
  fc.assert(
    fc.property(header, (text) => {
      const read = readBearer(text)
      if (read.kind === 'bearer') assert.ok(text.endsWith(read.token) && !/[\s,]/.test(read.token))
    }),
    { numRuns: 10_000 },
  )
})

test('no header, another scheme and an empty token are no credentials', () => {
  for (const header of [null, undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearerx y', 'Token x']) {
    assert.deepEqual(readBearer(header), { kind: 'none' }, String(header))
  }
})
