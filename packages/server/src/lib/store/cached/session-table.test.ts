import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sampleSession, sampleUser } from '../../../testing/sample-records.ts'
import type { UserId } from '../../ids.ts'
import type { StoredSession } from '../../records.ts'
import type { SessionMemory } from './session-memory.ts'
import { createSessionTable } from './session-table.ts'

const SELECTORS = [
  ...Array.from({ length: 9 }, (_, number) => 1_800_000_000_000 * 4096 + number * 4_294_967_296 * 3),
  ...[0, 1, Number.MAX_SAFE_INTEGER],
]
const USERS: UserId[] = ['usr_00000000000alice', 'usr_0000000000000bob', 'usr_00000000000carol']

const text = fc.oneof(
  fc.constant(null),
  fc.constantFrom('', '=', 'alice', '小明👋', 'é'.repeat(90), 'x'.repeat(20), 'x'.repeat(19)),
)

const session = fc
  .record({
    selector: fc.constantFrom(...SELECTORS),
    user: fc.constantFrom(...USERS),
    openid: fc.constantFrom('o-alice', '', 'o'.repeat(28), 'o'.repeat(29), '名'),
    appid: fc.constantFrom('wx0000000000000001', 'wx0000000000000002'),
    texts: fc.array(text, { minLength: 8, maxLength: 8 }),
    number: fc.nat(0xffff_ffff),
  })
  .map(sessionOf)

function sessionOf(given: {
  selector: number
  user: UserId
  openid: string
  appid: string
  texts: (string | null)[]
  number: number
}): StoredSession {
  const { selector, user: id, openid, appid, number } = given
  const [nickname = null, avatarUrl = null, phone = null, device = null, ...more] = given.texts
  const [brand = null, model = null, platform = null, label = null] = more
  const tokenHash = new Uint8Array(32).fill(number % 256)
  const record = sampleSession({ selector, userId: id, openid, appid, tokenHash, idleSeconds: number })
  const user = sampleUser({ id, nickname, avatarUrl, phone, createdAtMs: 1_700_000_000_000 + number })
  return {
    ...record,
    device: { id: device, brand, model, platform, label },
    user,
    pending: null,
    renewals: number,
  }
}

const act = fc.oneof(
  { weight: 4, arbitrary: session.map((given) => ({ kind: 'put', given }) as const) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(...SELECTORS).map((selector) => ({ kind: 'get', selector }) as const),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...SELECTORS).map((selector) => ({ kind: 'drop', selector }) as const),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...USERS).map((userId) => ({ kind: 'dropUser', userId }) as const),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'clear' } as const) },
)

for (const [maxEntries, title] of [
  [12, 'with room for all, it is what a map is'],
  [5, 'with less room, what it hands out is what was put last, and never what was dropped'],
] as const) {
  test(title, () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 120 }), (acts) => {
        const table = createSessionTable(maxEntries)
        const model = new Map<number, StoredSession>()
        for (const step of acts) {
          if (step.kind === 'put') table.put(step.given)
          else if (step.kind === 'drop') table.drop(step.selector)
          else if (step.kind === 'dropUser') table.dropUser(step.userId)
          else if (step.kind === 'clear') table.clear()
          apply(model, step)
          assert.ok(table.size <= maxEntries)
          if (maxEntries === 12) assert.equal(table.size, model.size)
          if (step.kind !== 'get') continue
          const found = table.get(step.selector)
          const isRight = found === null ? maxEntries < 12 || !model.has(step.selector) : true
          assert.ok(isRight, 'forgotten although there was room')
          if (found !== null) assert.deepEqual(found, model.get(step.selector))
        }
      }),
      { numRuns: 300 },
    )
  })
}

type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never

function apply(model: Map<number, StoredSession>, step: Act): void {
  if (step.kind === 'put') model.set(step.given.selector, step.given)
  if (step.kind === 'drop') model.delete(step.selector)
  if (step.kind === 'clear') model.clear()
  if (step.kind !== 'dropUser') return
  for (const { selector, userId } of [...model.values()]) if (userId === step.userId) model.delete(selector)
}

function sampleStored(differing: Partial<StoredSession> = {}): StoredSession {
  return {
    ...sampleSession(),
    tokenHash: new Uint8Array(32).fill(7),
    user: sampleUser(),
    pending: null,
    renewals: 0,
    ...differing,
  }
}

test('what has ended, waits for its next token or is banned is not remembered, nor what it was before', () => {
  const table = createSessionTable(4)
  const living = sampleStored()
  for (const odd of [
    { endedAtMs: 1, endReason: 'logged_out' } as const,
    { user: sampleUser({ bannedAtMs: 1 }) },
    { pending: { nextHash: Buffer.alloc(32), seed: null } },
  ]) {
    table.put(living)
    assert.deepEqual(table.get(living.selector), living)
    table.put({ ...living, ...odd })
    assert.equal(table.get(living.selector), null)
  }
})

test('who is asked for stays, who is not gives way', () => {
  const table = createSessionTable(100)
  const sessions = Array.from({ length: 1_000 }, (_, number) => sampleStored({ selector: 1e15 + number * 7 }))
  const [asked] = sessions
  if (asked === undefined) throw new Error('There are no sessions')
  for (const next of sessions) {
    table.put(next)
    assert.deepEqual(table.get(asked.selector), asked)
  }
  assert.equal(table.size, 100)
})

test('what was recalled is here until anything about it changes, and never again', () => {
  const changes: Record<string, (table: SessionMemory, living: StoredSession) => void> = {
    'another state of it': (table, living) => table.put({ ...living, renewals: 1 }),
    'the very same once more': (table, living) => table.put(living),
    drop: (table, { selector }) => table.drop(selector),
    dropUser: (table, { userId }) => table.dropUser(userId),
    clear: (table) => table.clear(),
    'room for others': (table) => {
      for (let more = 1; more <= 8; more += 1) table.put(sampleStored({ selector: 1e15 + more }))
    },
  }
  for (const [name, change] of Object.entries(changes)) {
    const table = createSessionTable(4)
    const living = sampleStored()
    table.put(living)
    const recalled = table.recall(living.selector)
    assert.ok(recalled !== null && table.isHere(recalled), name)
    assert.deepEqual(recalled.whole(), living)
    assert.ok(!createSessionTable(4).isHere(recalled), 'another table has never had it')
    change(table, living)
    table.put(living)
    assert.ok(!table.isHere(recalled), name)
    assert.throws(() => recalled.whole(), /another session/)
  }
})
