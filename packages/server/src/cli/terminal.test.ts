import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plain, table } from './terminal.ts'

test('columns stand below each other, also where names are Chinese', () => {
  const text = table([
    ['user', 'nickname', 'since'],
    ['usr_1', '小明', '2026'],
    ['usr_2', 'Al', ''],
  ])
  assert.equal(text, 'user   nickname  since\nusr_1  小明      2026\nusr_2  Al')
})

test('[T35] names of strangers move no cursor and begin no line', () => {
  assert.equal(plain('a\u001b[2Jb\r\nc\u202Ed\u2028e'), 'a\uFFFD[2Jb\uFFFD\uFFFDc\uFFFDd\uFFFDe')
  assert.equal(plain('小明 👩‍🚀'.replace('\u200d', '')), '小明 👩🚀')
})
