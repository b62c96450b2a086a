import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createProblems } from './problems.ts'
import { readJson } from './read-json.ts'

function read(text: string) {
  const problems = createProblems()
  const json = readJson('app.json', text, problems)
  const [problem] = problems.list()
  return { json, problem, place: problem && [problem.line, problem.column] }
}

test('whatever JSON an object is written as, it is read as that object', () => {
  const object = fc.dictionary(fc.string(), fc.jsonValue())
  fc.assert(
    fc.property(object, fc.constantFrom(0, 2), (value, indent) => {
      const json = JSON.stringify(value, null, indent)
      assert.equal(JSON.stringify(read(json).json?.value), JSON.stringify(JSON.parse(json)))
    }),
    { numRuns: 2000 },
  )
})

test('no text whatever makes the reader throw: it is read, or one place in it is named', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json().map((text) => text.slice(0, -1)),
      ),
      (text) => {
        const { json, problem } = read(text)
        assert.equal(json === undefined, problem !== undefined)
        if (problem) assert.ok((problem.line ?? 0) >= 1 && (problem.column ?? 0) >= 1)
      },
    ),
    { numRuns: 5000 },
  )
})

test('comments are allowed, as in DevTools, and a byte order mark', () => {
  const { json } = read('\ufeff{ // the pages\n "pages": /* one */ ["a"] }')
  assert.deepEqual({ ...json?.value }, { pages: ['a'] })
})

test('broken JSON is told with line and column, and what is missing there', () => {
  const missingComma = read('{\n  "pages": ["a"]\n  "window": {}\n}')
  assert.deepEqual(missingComma.place, [3, 3])
  assert.match(missingComma.problem?.message ?? '', /comma/)
  assert.match(missingComma.problem?.messageZh ?? '', /逗号/)
  assert.deepEqual(read('{ "pages": [').place, [1, 13])
  assert.deepEqual(read('').place, [1, 1])
  assert.match(read('[]').problem?.message ?? '', /object/)
})

test('the place of a value is told, and of the whole where there is none', () => {
  const { json } = read('{\n  "pages": [\n    "a",\n    "b"\n  ]\n}')
  assert.deepEqual(json?.place(['pages', 1]), { line: 4, column: 5 })
  assert.deepEqual(json?.place(['tabBar', 'list']), { line: 1, column: 1 })
})
