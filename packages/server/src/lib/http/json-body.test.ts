import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseJsonBody } from './json-body.ts'

const parse = (text: string) => parseJsonBody(Buffer.from(text, 'utf8'))

function refused(text: string): string {
  const parsed = parse(text)
  assert.ok(!parsed.ok, text)
  return parsed.field
}

test('[T25] a key twice in one object is refused at any depth, by its name', () => {
  assert.equal(refused('{"code":1,"code":2}'), 'code')
  assert.equal(refused('{"device":{"id":1,"a":[],"id":2}}'), 'device.id')
  assert.equal(refused('{"a":[{"b":1},{"b":1,"\\u0062":2}]}'), 'a.b')
  assert.ok(parse('{"a":{"b":1},"c":{"b":2}}').ok)
  assert.ok(parse('[{"b":1},{"b":2}]').ok)
})

test('[T25] keys that name a prototype are refused, escaped or not, and change none', () => {
  for (const key of ['__proto__', 'constructor', 'prototype', '\\u005f_proto__']) {
    refused(`{"${key}":{"isAdmin":true}}`)
    refused(`{"device":{"${key}":1}}`)
  }
  assert.equal(Reflect.get({}, 'isAdmin'), undefined)
  assert.ok(parse('{"a":"__proto__"}').ok)
})

test('[T25] what is beyond a number, a string or the depth is refused', () => {
  for (const number of ['1e400', '-1e400', '1e99999']) assert.equal(refused(`{"a":${number}}`), 'a')
  for (const half of ['\\ud800', '\\udc00', '\\ud800x', '\\udc00\\ud800']) {
    refused(`{"a":"${half}"}`)
    refused(`{"${half}":1}`)
  }
  assert.ok(parse('{"a":"\\ud83d\\udc3c"}').ok)
  assert.ok(parse(`${'['.repeat(8)}${']'.repeat(8)}`).ok)
  refused(`${'['.repeat(9)}${']'.repeat(9)}`)
  refused(`${'['.repeat(8_000)}${']'.repeat(8_000)}`)
  refused(`${'{"a":'.repeat(2_500)}1${'}'.repeat(2_500)}`)
})

test('[T25] what is not JSON, or not UTF-8, is refused', () => {
  for (const text of [
    '',
    ' ',
    '{',
    '{"a":NaN}',
    "{'a':1}",
    '{"a":1,}',
    '{"a":01}',
    '\uFEFF{}',
    '{}{}',
    'undefined',
    '{"a":\u0000}',
  ]) {
    assert.equal(refused(text), 'body')
  }
  for (const bytes of [
    [0x22, 0xff, 0x22],
    [0x22, 0xed, 0xa0, 0x80, 0x22],
    [0x22, 0xc0, 0x80, 0x22],
    [0x22, 0xe2, 0x82, 0x22],
  ]) {
    assert.ok(!parseJsonBody(Buffer.from(bytes)).ok)
  }
})

const key = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('__proto__', 'constructor', 'a'),
)
const plainJson = fc.jsonValue({ maxDepth: 4, noUnicodeString: false })

test('[T25] plain JSON comes out as JSON.parse gives it', () => {
  fc.assert(
    fc.property(plainJson, (value) => {
      const text = JSON.stringify(value)
      const parsed = parse(text)
      if (parsed.ok) assert.deepEqual(parsed.value, JSON.parse(text))
      else assert.match(text, /__proto__|constructor|prototype|\\ud[89a-f]/)
    }),
    { numRuns: 30_000 },
  )
})

test('[T25] of two equal keys the second is always found, however it is escaped', () => {
  const escaped = (text: string) =>
    [...text].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 6 }),
      plainJson,
      plainJson,
      fc.boolean(),
      (name, one, two, isEscaped) => {
        const second = isEscaped ? `"${escaped(name).join('')}"` : JSON.stringify(name)
        const text = `{${JSON.stringify(name)}:${JSON.stringify(one)},${second}:${JSON.stringify(two)}}`
        assert.ok(!parse(text).ok)
      },
    ),
    { numRuns: 20_000 },
  )
})

test('[T25] no text and no bytes make it throw, and what it takes JSON.parse takes', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ':',
        ',',
        '"',
        '\\',
        ' ',
        '\n',
        '1e400',
        '-',
        '0',
        'true',
        'null',
        '"a"',
        '\\u',
        '\\ud800',
      ),
      key.map((text) => JSON.stringify(text)),
    ),
    { maxLength: 24 },
  )
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join('')
      if (parse(text).ok) JSON.parse(text)
    }),
    { numRuns: 40_000 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const parsed = parseJsonBody(bytes)
      if (!parsed.ok) assert.match(parsed.field, /^[A-Za-z0-9_.[\]-]{1,64}$/)
    }),
    { numRuns: 20_000 },
  )
})
