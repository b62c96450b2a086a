import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ERROR_CODES } from '../packages/server/src/lib/errors.ts'
import { root } from '../tools/setup.mjs'

const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8')
const entries = [...page.matchAll(/^### (\S+)\n\n(.+)\n\n([\s\S]+?)(?=\n\n#|\n*$(?![\s\S]))/gm)]
const documented = new Map(entries.map(([, code = '', facts = '', prose = '']) => [code, { facts, prose }]))

test('docs/errors.md has every code, and none that is dead', () => {
  assert.deepEqual([...documented.keys()].sort(), Object.keys(ERROR_CODES).sort())
  assert.equal(entries.length, documented.size, 'a code stands twice')
})

test('docs/errors.md says of each code the status, class and titles that the server sends', () => {
  for (const [code, row] of Object.entries(ERROR_CODES)) {
    const { status, class: errorClass, title, titleZh } = row
    assert.equal(documented.get(code)?.facts, `${status} · ${errorClass} · ${title} · ${titleZh}`, code)
  }
})

test('docs/errors.md says of each code what the client does and what the operator does', () => {
  for (const [code, { prose }] of documented) {
    assert.match(prose, /\*\*Client:\*\*\s\S/, code)
    assert.match(prose, /\*\*Operator:\*\*\s\S/, code)
  }
})
