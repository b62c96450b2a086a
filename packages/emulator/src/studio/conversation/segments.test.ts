import assert from 'node:assert/strict'
import test, { describe } from 'node:test'
import { colourOfTag, fit, guessWidth, segmentsOf, TAG_COLOURS, tagsIn } from './segments.ts'

describe('the names of secrets in a text', () => {
  test('become pieces of their own, the same secret in the same colour', () => {
    const segments = segmentsOf('POST /login ‹code 2› and ‹token 1›')
    assert.deepEqual(
      segments.map(({ text }) => text),
      ['POST /login ', 'code 2', ' and ', 'token 1'],
    )
    assert.equal(segments[1]?.colour, segmentsOf('again ‹code 2›')[1]?.colour)
  })

  test('have different colours where they follow each other', () => {
    for (let number = 1; number < 40; number += 1) {
      const [one, other] = [colourOfTag(`‹token ${number}›`), colourOfTag(`‹token ${number + 1}›`)]
      assert.notEqual(one, other)
      assert.ok(one >= 0 && one < TAG_COLOURS)
      assert.notEqual(one, colourOfTag(`‹session_key ${number}›`), 'nor is a key taken for a token')
    }
  })

  test('are what begins with a letter: what is said of a body stays text', () => {
    assert.equal(segmentsOf('secret=‹AppSecret›')[1]?.text, 'AppSecret')
    assert.deepEqual(segmentsOf('‹412 bytes of image/png›'), [{ text: '‹412 bytes of image/png›' }])
    assert.deepEqual(tagsIn('‹code 1› ‹code 1› ‹token 3›'), ['‹code 1›', '‹token 3›'])
  })

  test('are cut with an ellipsis where the room ends', () => {
    const placed = fit(segmentsOf('GET /sns/jscode2session ‹code 1›'), 100, guessWidth)
    assert.equal(placed.length, 1)
    assert.match(placed[0]?.text ?? '', /^GET \/sns.*…$/)
    assert.deepEqual(fit(segmentsOf('abc'), 1, guessWidth), [])
  })
})
