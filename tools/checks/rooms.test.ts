import assert from 'node:assert/strict'
import test from 'node:test'
import { checkRooms, printable } from '../rooms/check.ts'
import { root } from '../setup.mjs'

test('the rules of the house hold', () => assert.deepEqual(checkRooms(root).map(printable), []))
