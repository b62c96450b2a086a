import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isCanonicalPath } from './canonical-path.ts'
import { createRouter, methodsOf } from './router.ts'
import { routes } from './routes.ts'

const router = createRouter(routes, '')
const segment = /^\{[a-z]+\}$/

test('each route of the table is found under its path and method', () => {
  for (const route of routes) {
    const path = route.path.replace('{id}', 'ses_1').replace('{appid}', 'wx1')
    for (const method of route.method === '*' ? ['GET', 'PUT', 'X'] : methodsOf(route)) {
      const match = router(method, path)
      assert.ok(match.kind === 'found' && match.route === route, `${method} ${path}`)
      const [, name] = /\{(\w+)\}/.exec(route.path) ?? []
      const expected = name === undefined ? {} : { [name]: name === 'id' ? 'ses_1' : 'wx1' }
      assert.deepEqual(match.params, expected)
      assert.ok(isCanonicalPath(path))
    }
  }
})

test('another method is told what the path takes', () => {
  const match = router('PUT', '/me')
  assert.deepEqual(match, { kind: 'other_method', allow: 'DELETE, GET, PATCH, POST' })
})

/** What a path must be letter for letter. */
function isRoute(path: string): boolean {
  return routes.some((route) => {
    const parts = route.path.split('/')
    const found = path.split('/')
    return (
      parts.length === found.length &&
      parts.every((part, index) => (segment.test(part) ? found[index] !== '' : part === found[index]))
    )
  })
}

const spelling = fc.constantFrom(
  '/',
  '//',
  '/./',
  '/../',
  '%2f',
  '%2e',
  ';',
  ';x=1',
  '\\',
  '%00',
  ' ',
  'é',
  '.',
  'A',
  'a',
  '?',
  '#',
  '%',
  '~',
  '@',
  '+',
)
const mutated = fc
  .tuple(fc.constantFrom(...routes.map(({ path }) => path)), fc.nat(20), fc.nat(2), spelling)
  .map(([path, at, cut, extra]) => path.slice(0, at) + extra + path.slice(at + cut))

test('[T17] a path is a route letter for letter or it is none', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        mutated,
        fc.webPath(),
        fc.string().map((text) => `/${text}`),
      ),
      (path) => {
        const isFound = isCanonicalPath(path) && router('GET', path).kind !== 'nothing'
        assert.equal(isFound, isCanonicalPath(path) && isRoute(path))
      },
    ),
    { numRuns: 40_000 },
  )
})

test('[T17] a canonical path is the same after every decoding and normalising that others do', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        mutated,
        fc.webPath(),
        fc.string().map((text) => `/${text}`),
      ),
      (path) => {
        if (!isCanonicalPath(path)) return
        assert.equal(new URL(path, 'http://a').pathname, path)
        assert.equal(decodeURIComponent(path), path)
        assert.equal(path.replace(/\/+/g, '/'), path)
      },
    ),
    { numRuns: 25_000 },
  )
})
