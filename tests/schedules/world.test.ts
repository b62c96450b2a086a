import assert from 'node:assert/strict'
import test from 'node:test'
import { createWorld, type Life } from './world.ts'

function begin() {
  const heard: string[] = []
  const world = createWorld(
    0,
    () => {},
    () => false,
  )
  const at = (ms: number, name: string, life: Life | null = null) =>
    world.after(ms, () => void heard.push(`${name} at ${world.nowMs()}`), life)
  return { world, heard, at }
}

test('events run in order of their time, then of their coming, and time stands where it was let to', () => {
  const { world, heard, at } = begin()
  at(20, 'late')
  at(10, 'first')
  at(10, 'second')
  at(99, 'not yet')
  at(15, 'taken back')()
  world.pass(50)
  assert.deepEqual(heard, ['first at 10', 'second at 10', 'late at 20'])
  assert.equal(world.nowMs(), 50)
})

test('what a dead app still had to do never happens, and what a frozen one had to do happens when it wakes', () => {
  const { world, heard, at } = begin()
  const dead: Life = { dead: false, frozen: false }
  const frozen: Life = { dead: false, frozen: true }
  at(10, 'dead', dead)
  at(10, 'frozen', frozen)
  dead.dead = true
  world.pass(100)
  assert.deepEqual(heard, [])
  frozen.frozen = false
  world.thaw(frozen)
  world.pass(0)
  assert.deepEqual(heard, ['frozen at 100'])
})

test('a world that goes round in circles is stopped', () => {
  const { world } = begin()
  const again = () => void world.after(0, again)
  again()
  assert.throws(() => world.pass(1), /goes round in circles/)
})
