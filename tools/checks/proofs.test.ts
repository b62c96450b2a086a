import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { promisedWithoutTest, proofsPage } from '../proofs/page.ts'
import { filesByRow } from '../proofs/sources.ts'
import { root } from '../setup.mjs'

const files = filesByRow(root)

test('every promised row has a test that carries its id', () => {
  assert.deepEqual(promisedWithoutTest(files), [])
})

test('docs/proofs.md is what npm run proofs writes', () => {
  const page = readFileSync(join(root, 'docs', 'proofs.md'), 'utf8')
  assert.ok(page === proofsPage(files), 'docs/proofs.md is stale: run npm run proofs and commit it')
})
