import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { preferredLanguage } from './language.ts'

test('Chinese is spoken where it is asked for before English', () => {
  for (const header of [
    'zh',
    'zh-CN,zh;q=0.9,en;q=0.8',
    'ZH_CN, zh-TW',
    'fr, zh;q=0.5',
    'zh,en',
    'en;q=0.1, zh',
  ]) {
    assert.equal(preferredLanguage(header), 'zh', header)
  }
  for (const header of [null, '', 'en', 'en,zh', 'zh;q=0', 'zh;q=0.5,en', 'fr', '*', 'zhx', 'zh;q=9']) {
    assert.equal(preferredLanguage(header), 'en', String(header))
  }
  fc.assert(fc.property(fc.string(), (header) => ['en', 'zh'].includes(preferredLanguage(header))))
})
