import assert from 'node:assert/strict'
import { test } from 'node:test'
import { storableNickname } from './nickname.ts'

test('a nickname is kept trimmed', () => {
  assert.equal(storableNickname(' 小明 '), '小明')
  assert.equal(storableNickname('微信用户A'), '微信用户A')
})

test('微信用户 and nothing are no nickname', () => {
  for (const nickname of ['微信用户', ' 微信用户\n', '\u3000微信用户', '', '  \t', null, undefined])
    assert.equal(storableNickname(nickname), null)
})
