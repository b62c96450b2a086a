import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { type RichNode, sanitise } from './rich-text-nodes.ts'

const element = (name: string, attrs: Record<string, unknown> = {}, children: unknown[] = []) => ({
  name,
  attrs,
  children,
})

test('what WeChat lets in stays', () => {
  const nodes = [element('P', { class: 'a', style: 'color: red' }, [{ type: 'text', text: 'hi' }])]
  assert.deepEqual(sanitise(nodes), [
    {
      type: 'node',
      name: 'p',
      attributes: { class: 'a', style: 'color: red' },
      children: [{ type: 'text', text: 'hi' }],
    },
  ])
})

test('a tag off the list goes with what is in it; so does an attribute', () => {
  const inside = [{ type: 'text', text: 'alert(1)' }]
  for (const name of ['script', 'iframe', 'style', 'object', 'svg', 'form', 'constructor', '__proto__'])
    assert.deepEqual(sanitise([element(name, {}, inside)]), [], name)
  assert.deepEqual(sanitise([element('div', { onclick: 'x', id: 'a', href: 'javascript:x' })]), [
    { type: 'node', name: 'div', attributes: {}, children: [] },
  ])
})

test('a picture comes from the network or stands in the text', () => {
  const srcOf = (src: string) => {
    const [node] = sanitise([element('img', { src })])
    return node?.type === 'node' ? node.attributes['src'] : undefined
  }
  for (const src of [
    'https://a.example/b.png',
    '/images/a.png',
    'data:image/png;base64,AA',
    'wxfile://tmp/1',
  ])
    assert.equal(srcOf(src), src)
  for (const src of [
    'javascript:alert(1)',
    ' java\tscript:alert(1)',
    '\u0001javascript:x',
    'data:text/html,x',
    'file:///etc/passwd',
  ])
    assert.equal(srcOf(src), undefined, src)
})

test('what is no list of nodes shows nothing, and a circle ends', () => {
  for (const nodes of [undefined, null, 5, 'text', {}, [null], [[]], [{ type: 'text' }], [{ name: 7 }]])
    assert.deepEqual(sanitise(nodes), [])
  const circle = element('div')
  circle.children.push(circle)
  assert.equal(sanitise([circle]).length, 1)
})

const NAMES = [
  'div',
  'p',
  'img',
  'a',
  'script',
  'SCRIPT',
  'iframe',
  'style',
  'svg',
  'math',
  'toString',
  'table',
  'br',
]
const KEYS = ['class', 'style', 'src', 'href', 'onclick', 'onerror', 'srcdoc', 'id', 'width', 'action']
const VALUES = [
  'x',
  'javascript:alert(1)',
  'JaVa\nScRiPt:alert(1)',
  'https://a.example/1.png',
  'data:text/html,x',
  7,
  null,
]

const anyNode = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.record({ type: fc.constant('text'), text: fc.anything() }),
    fc.anything(),
    fc.record({
      name: fc.constantFrom(...NAMES),
      attrs: fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES)),
      children: fc.array(tie('node')),
    }),
  ),
}))

const SAFE = new Set(['div', 'p', 'img', 'a', 'table', 'br'])
const HARMLESS = new Set(['class', 'style', 'src', 'width'])

function assertHarmless(node: RichNode): void {
  if (node.type === 'text') return
  assert.ok(SAFE.has(node.name), node.name)
  for (const [name, value] of Object.entries(node.attributes)) {
    assert.ok(HARMLESS.has(name), name)
    assert.equal(typeof value, 'string')
    if (name === 'src') assert.doesNotMatch(value, /script:|text\/html/i)
  }
  node.children.forEach(assertHarmless)
}

test('whatever a page hands over, no script, no handler and no odd address gets through', () => {
  fc.assert(fc.property(fc.array(anyNode.node), (nodes) => sanitise(nodes).forEach(assertHarmless)))
})
