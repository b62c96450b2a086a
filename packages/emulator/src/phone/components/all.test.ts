import assert from 'node:assert/strict'
import test from 'node:test'
import { BUILT_INS } from '../../lib/miniprogram/built-ins.ts'
import { BUILT_IN_COMPONENTS } from './all.ts'

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

test('every tag that the compiler knows is a component of the phone, with the attributes that the list names', () => {
  const here = Object.fromEntries(
    BUILT_IN_COMPONENTS.map(({ tag, properties }) => [tag, Object.keys(properties).map(kebab).sort()]),
  )
  const listed = Object.fromEntries(
    Object.entries(BUILT_INS).map(([tag, { attributes }]) => [tag, [...attributes].sort()]),
  )
  assert.deepEqual(here, listed)
})

test('what is here in part says what it lacks', () => {
  for (const [tag, { support, lacks }] of Object.entries(BUILT_INS))
    assert.equal(lacks !== '', support === 'partial', tag)
})
