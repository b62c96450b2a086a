import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { attributeOf, scanWxml } from './scan-wxml.ts'

const names = (text: string) => scanWxml(text).map(({ name }) => name)

test('tags are found in their order, and nothing that only looks like one', () => {
  assert.deepEqual(names('<view><my-tag a/> 1 < 2 </view><text>{{a<b ? "<no>" : 1}}</text>'), [
    'view',
    'my-tag',
    'text',
  ])
  assert.deepEqual(names('<!-- <no> --><view title="a > b <no>" data-x="{{ \'"<no>\' }}"/><image />'), [
    'view',
    'image',
  ])
})

test('what stands in a wxs is no tag', () => {
  assert.deepEqual(names('<wxs module="m">if (a <b) {}; var t = "<no>"</wxs><view/>'), ['wxs', 'view'])
  assert.deepEqual(names('<wxs src="./a.wxs" module="m"/><view/>'), ['wxs', 'view'])
})

test('attributes have their value and its place', () => {
  const text = '<import\n  src="./a.wxml" bindtap = \'b\' hidden wx:if="{{a}}"/>'
  const [tag] = scanWxml(text)
  assert.ok(tag)
  const src = attributeOf(tag, 'src')
  assert.deepEqual([src?.value, src && text.slice(src.offset, src.offset + 8)], ['./a.wxml', './a.wxml'])
  assert.deepEqual(
    tag.attributes.map(({ name, value }) => [name, value]),
    [
      ['src', './a.wxml'],
      ['bindtap', 'b'],
      ['hidden', null],
      ['wx:if', '{{a}}'],
    ],
  )
  assert.deepEqual([tag.start, tag.end, tag.isSelfClosing], [0, text.length, true])
})

test('whatever the text is, the scanner ends, and every tag stands where it says', () => {
  const piece = fc.constantFrom(
    '<view',
    '</view>',
    '<a-b ',
    '>',
    '/>',
    '"',
    "'",
    '{{',
    '}}',
    ' x=',
    '<!--',
    '-->',
    '<wxs>',
    '</wxs>',
    '\n',
    'text',
    '\\',
    '=',
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join('')),
  )
  fc.assert(
    fc.property(text, (wxml) => {
      let before = 0
      for (const { name, start, end } of scanWxml(wxml)) {
        assert.ok(wxml.startsWith(`<${name}`, start) && name !== '')
        assert.ok(start >= before && end > start && end <= wxml.length)
        before = end
      }
    }),
    { numRuns: 20_000 },
  )
})

test('a tree of tags, however it is written, is found as it was made', () => {
  const name = fc.constantFrom('view', 'my-part', 'text', 'image')
  const value = fc.constantFrom('a', '{{b}}', "{{ c ? '>' : '}}' }}", '', '<x>')
  const tag = fc.record({
    name,
    attributes: fc.dictionary(fc.constantFrom('id', 'class', 'bind:tap', 'wx:if'), value),
    isClosed: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(tag, { maxLength: 8 }), (tags) => {
      const written = tags.map(({ name: tagName, attributes, isClosed }) => {
        const pairs = Object.entries(attributes).map(([key, text]) => ` ${key}="${text}"`)
        return `<${tagName}${pairs.join('')}${isClosed ? '/>' : `>words {{ d }}</${tagName}>`}`
      })
      const found = scanWxml(written.join(' '))
      assert.deepEqual(
        found.map((one) => [
          one.name,
          Object.fromEntries(one.attributes.map((pair) => [pair.name, pair.value])),
        ]),
        tags.map((one) => [one.name, { ...one.attributes }]),
      )
    }),
    { numRuns: 3000 },
  )
})
