import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSchemaStale } from '../../../../../tools/config-schema.ts'

test('the published JSON Schema says what the code judges by', () => {
  assert.ok(!isSchemaStale(), 'run: node tools/run.mjs tools/config-schema.ts')
})
