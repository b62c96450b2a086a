import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { REASONS } from '../../packages/emulator/src/studio/explain/explain.ts'

/** Every error that docs/errors.md gives a 401 or a 403. */
function documentedRefusals(): string[] {
  const text = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  return [...text.matchAll(/^### (\w+)\n\n40[13] /gm)].map(([, code = '']) => code)
}

test('the studio explains every reason of a 401 or 403 that the server documents', () => {
  const codes = documentedRefusals()
  assert.ok(codes.length >= 17, 'docs/errors.md is read as it is written')
  assert.deepEqual(
    codes.filter((code) => REASONS[code] === undefined),
    [],
  )
})
