import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  firstLogin,
  laterLogin,
  NOW_MS,
  queryOf,
  sampleEvent,
  sampleHash,
  sampleIdentity,
  samplePromotion,
  sampleRenewal,
  sampleSelector,
  sampleSession,
  sampleTokenHash,
  sampleUserId,
  sweepOrder,
} from '../contract/samples.ts'
import { createMemoryStore } from '../memory/memory-store.ts'
import type { Store } from '../store.ts'
import { openTestStore } from './testing/open-test-store.ts'

/** One call of a store, drawn at random, under a name for the report. */
interface Act {
  readonly name: string
  readonly run: (store: Store) => Promise<unknown>
}

const few = fc.integer({ min: 1, max: 4 })
const line = fc.integer({ min: 0, max: 2 })
const time = fc.integer({ min: NOW_MS, max: NOW_MS + 50 })
const text = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((one) => !one.includes('\0'))
const reason = fc.constantFrom('logged_out', 'revoked_by_user', 'replaced')
const unionid = fc.option(fc.constantFrom('union-1', 'union-2'))

let eventNumber = 0
const events = fc
  .option(few, { freq: 2 })
  .map((n) => (n === null ? [] : [sampleEvent(++eventNumber, { userId: sampleUserId(n) })]))

const acts: fc.Arbitrary<Act>[] = [
  fc.tuple(few, unionid, text, events).map(([n, union, label, told]) => ({
    name: `first login ${n} ${union} ${label}`,
    run: (store) =>
      store.recordLogin(
        firstLogin(n, {
          identity: { kind: 'create', record: sampleIdentity(n, { unionid: union }) },
          session: sampleSession(n, {
            device: { id: label, brand: null, model: null, platform: label, label },
          }),
          events: told,
        }),
      ),
  })),
  fc.tuple(fc.integer({ min: 5, max: 30 }), few, fc.boolean(), unionid).map(([n, user, isUpdate, union]) => ({
    name: `later login ${n} of ${user} ${isUpdate} ${union}`,
    run: (store) => loginAgain(store, { n, user, isUpdate, union }),
  })),
  fc.tuple(few, few, reason, time, events).map(([n, user, why, atMs, told]) => ({
    name: `end ${n} of ${user} ${why}`,
    run: (store) =>
      store.endSession({
        selector: sampleSelector(n),
        userId: sampleUserId(user),
        reason: why,
        atMs,
        events: told,
      }),
  })),
  fc.tuple(few, line, time, events).map(([n, at, atMs, told]) => ({
    name: `renew ${n} at ${at}`,
    run: (store) => store.startRenewal(sampleRenewal(n, at, { atMs, events: told })),
  })),
  fc.tuple(few, line, time).map(([n, at, atMs]) => ({
    name: `first use ${n} at ${at}`,
    run: (store) => store.promoteToken(samplePromotion(n, at, { atMs, goodUntilMs: atMs + 10 })),
  })),
  fc.tuple(few, fc.option(few), reason, time).map(([user, but, why, atMs]) => ({
    name: `end all of ${user} but ${but}`,
    run: (store) =>
      store.endUserSessions({
        userId: sampleUserId(user),
        exceptSelector: but && sampleSelector(but),
        reason: why,
        atMs,
        events: [],
      }),
  })),
  fc.tuple(few, fc.integer({ min: -9, max: 9 })).map(([n, by]) => ({
    name: `touch ${n} ${by}`,
    run: (store) => store.touchSession(sampleSelector(n), sampleSession(n).idleDeadlineMs + by),
  })),
  fc.tuple(few, fc.option(time), events).map(([user, bannedAtMs, told]) => ({
    name: `ban ${user} ${bannedAtMs}`,
    run: (store) => store.setUserBan({ userId: sampleUserId(user), bannedAtMs, events: told }),
  })),
  fc.tuple(few, fc.option(text), events).map(([user, nickname, told]) => ({
    name: `rename ${user} ${nickname}`,
    run: (store) => store.updateProfile({ userId: sampleUserId(user), nickname, events: told }),
  })),
  fc.tuple(few, time, events).map(([user, atMs, told]) => ({
    name: `close ${user}`,
    run: (store) => store.closeAccount({ userId: sampleUserId(user), atMs, events: told }),
  })),
  few.map((n) => ({
    name: `use open data ${n}`,
    run: (store) =>
      store.useOpenData({ hash: sampleHash(`mark-${n}`), forgetAfterMs: NOW_MS + n, events: [] }),
  })),
  fc.tuple(time, time).map(([nowMs, cutMs]) => ({
    name: `sweep ${nowMs} ${cutMs}`,
    run: (store) =>
      store.sweep(
        sweepOrder({ nowMs, sessionsBeforeMs: cutMs, seedsBeforeMs: cutMs, changesBeforeMs: cutMs }),
      ),
  })),
]

test('SQLite and memory say the same and keep the same, whatever happens in whatever order', async (t) => {
  const property = fc.asyncProperty(
    fc.array(fc.oneof(...acts), { minLength: 5, maxLength: 40 }),
    async (drawn) => {
      const clock = { nowMs: () => NOW_MS }
      const memory = createMemoryStore({ clock })
      const sqlite = await openTestStore(t, { clock })
      for (const { name, run } of drawn) {
        assert.deepEqual(comparable(await run(sqlite)), comparable(await run(memory)), name)
      }
      assert.deepEqual(comparable(await allOf(sqlite)), comparable(await allOf(memory)))
      await sqlite.close()
    },
  )
  await fc.assert(property, { numRuns: 30 })
})

async function loginAgain(
  store: Store,
  login: { n: number; user: number; isUpdate: boolean; union: string | null },
): Promise<unknown> {
  const { n, user, isUpdate, union } = login
  const { identity, sessions } = await store.findLoginFacts(queryOf(user, { unionid: union }))
  const expectedVersion = identity?.version ?? 1
  const record = sampleIdentity(user, { unionid: union, keyRing: [`key-${n}`] })
  const seen = sessions.map((session) => session.selector)
  const replaced = seen
    .slice(0, 1)
    .map((selector) => ({ selector, reason: 'replaced', atMs: NOW_MS }) as const)
  return store.recordLogin(
    laterLogin(n, user, {
      ...(isUpdate ? { identity: { kind: 'update', record, expectedVersion } } : {}),
      seenSelectors: n % 5 === 0 ? [] : seen,
      endSessions: n % 2 === 0 ? replaced : [],
    }),
  )
}

async function allOf(store: Store): Promise<unknown[]> {
  const all: unknown[] = [
    await store.listChanges({ afterSeq: 0, limit: 1_000 }),
    await store.listUsers({ limit: 1_000 }),
    await store.listUsers({ limit: 3, search: 'name' }),
  ]
  for (let n = 1; n <= 30; n += 1) {
    all.push(await store.findSession(sampleSelector(n)), await store.findCode(sampleHash(`code-${n}`)))
  }
  for (const n of [1, 2, 3, 4]) {
    const userId = sampleUserId(n)
    all.push(await store.findLoginFacts(queryOf(n, { unionid: 'union-1' })))
    for (const at of [0, 1, 2]) {
      all.push(await store.findRetiredToken(sampleSelector(n), sampleTokenHash(n, at)))
    }
    all.push(await store.listIdentities(userId), await store.listSessions(userId, NOW_MS))
    all.push(await store.listEvents({ userId, limit: 1_000 }))
  }
  return all
}

/** Bytes as text, so that a Buffer and a Uint8Array with the same ones are equal. */
function comparable(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null, (_, one: unknown) =>
      one instanceof Uint8Array
        ? Buffer.from(one).toString('hex')
        : isJsonBuffer(one)
          ? Buffer.from(one.data).toString('hex')
          : one,
    ),
  )
}

function isJsonBuffer(value: unknown): value is { readonly data: number[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    value.type === 'Buffer' &&
    'data' in value
  )
}
