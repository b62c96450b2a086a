import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { decodeEntities, spaceOut } from './text-space.ts'

test('decode knows eight names, and decodes what it makes no second time', () => {
  assert.equal(decodeEntities('a&nbsp;&lt;b&gt;&amp;&apos;&quot;'), 'a\u00a0<b>&\'"')
  assert.equal(decodeEntities('&ensp;&emsp;'), '\u2002\u2003')
  assert.equal(decodeEntities('&amp;lt;'), '&lt;')
  assert.equal(decodeEntities('&copy; &#65; & &lt'), '&copy; &#65; & &lt')
})

test('a text without an ampersand is decoded to itself', () => {
  fc.assert(
    fc.property(fc.string(), (text) => decodeEntities(text.replaceAll('&', '')) === text.replaceAll('&', '')),
  )
})

test('space sets its own blank for each, and an unknown name none', () => {
  assert.equal(spaceOut('a  b', 'ensp'), 'a\u2002\u2002b')
  assert.equal(spaceOut('a b', 'emsp'), 'a\u2003b')
  assert.equal(spaceOut('a b', 'nbsp'), 'a\u00a0b')
  assert.equal(spaceOut('a b', 'thin'), 'a b')
})
