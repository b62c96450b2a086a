import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { API_NAMES, apiNamesText } from '../../tools/phone/api-names.ts'

test('[F81] the phone knows every name of WeChat’s API, so that it can say which of them it does not have', () => {
  const names: unknown = JSON.parse(readFileSync(API_NAMES, 'utf8'))
  assert.deepEqual(names, JSON.parse(apiNamesText()), 'node tools/run.mjs tools/phone/api-names.ts')
  assert.ok(Array.isArray(names) && names.includes('scanCode') && names.includes('login'))
})
