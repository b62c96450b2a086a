import assert from 'node:assert/strict'
import { once } from 'node:events'
import { copyFileSync } from 'node:fs'
import { after, type TestContext, test } from 'node:test'
import {
  changedSelectors,
  eventsOf,
  firstLogin,
  queryOf,
  sampleHash,
  sampleRenewal,
  sampleSelector,
  sampleTokenHash,
  sampleUserId,
} from '../contract/samples.ts'
import type { Store } from '../store.ts'
import { compileChildren } from './testing/compile-children.ts'
import { openTestStore, testFile } from './testing/open-test-store.ts'
import { endOf, startChild } from './testing/run-child.ts'

const children = compileChildren()
after(() => children.remove())

/** What of a write can be seen in the book: all of it must agree. */
const SIGNS: Record<string, (store: Store) => Promise<readonly boolean[]>> = {
  firstLogin: async (store) => [
    (await store.findCode(sampleHash('code-2'))) !== null,
    (await store.findUser(sampleUserId(2))) !== null,
    (await store.findIdentity(queryOf(2))) !== null,
    (await store.findSession(sampleSelector(2))) !== null,
    (await eventsOf(store, 2)).length === 1,
  ],
  laterLogin: async (store) => [
    (await store.findCode(sampleHash('code-2'))) !== null,
    (await store.findSession(sampleSelector(2))) !== null,
    (await store.findSession(sampleSelector(1)))?.endReason === 'replaced',
    (await changedSelectors(store)).length === 1,
    (await eventsOf(store, 1)).length === 1,
  ],
  startRenewal: async (store) => [
    (await pendingOf(store)).seed === hex(sampleRenewal(1).seed),
    (await pendingOf(store)).nextHash === hex(sampleTokenHash(1, 1)),
    (await store.findSession(sampleSelector(1)))?.renewals === 1,
    (await changedSelectors(store)).length === 1,
    (await eventsOf(store, 1)).length === 1,
  ],
  promoteToken: async (store) => [
    hex((await store.findSession(sampleSelector(1)))?.tokenHash) === hex(sampleTokenHash(1, 1)),
    (await pendingOf(store)).nextHash === '',
    hex((await store.findRetiredToken(sampleSelector(1), sampleTokenHash(1, 0)))?.seed) ===
      hex(sampleRenewal(1).seed),
    (await changedSelectors(store)).length === 2,
  ],
  endSession: async (store) => [
    (await store.findSession(sampleSelector(1)))?.endReason === 'logged_out',
    (await changedSelectors(store)).length === 1,
    (await eventsOf(store, 1)).length === 1,
  ],
  closeAccount: async (store) => [
    (await store.findUser(sampleUserId(1))) === null,
    (await store.findIdentity(queryOf(1))) === null,
    (await store.findSession(sampleSelector(1)))?.endReason === 'user_deleted',
    (await store.findSession(sampleSelector(1)))?.openid === '',
    (await changedSelectors(store)).length === 1,
    (await eventsOf(store, 1)).length === 1,
  ],
}

async function pendingOf(store: Store): Promise<{ nextHash: string; seed: string }> {
  const { pending } = (await store.findSession(sampleSelector(1))) ?? {}
  return { nextHash: hex(pending?.nextHash), seed: hex(pending?.seed) }
}

function hex(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('hex')
}

for (const write of Object.keys(SIGNS)) {
  test(`[R01] kill -9 before any step of ${write}: all of it is there after the restart, or nothing`, async (t) => {
    const before = await bookWithOneLogin(t, write === 'promoteToken')
    const outcomes: string[] = []
    for (let step = 1; !outcomes.includes('done'); step += 2) {
      const ends = await Promise.all([step, step + 1].map((one) => dieAt(t, before, write, one)))
      outcomes.push(...ends)
    }
    assert.ok(outcomes.length > 5 && outcomes.length < 60, `${outcomes.length} steps`)
    assert.equal(outcomes.indexOf('done'), outcomes.filter((one) => one === 'nothing').length)
  })
}

/** A closed book with the first login of user 1, and perhaps its renewal. */
async function bookWithOneLogin(t: TestContext, isRenewed: boolean): Promise<string> {
  const file = testFile(t)
  const store = await openTestStore(t, { file })
  await store.recordLogin(firstLogin(1))
  if (isRenewed) await store.startRenewal(sampleRenewal(1))
  await store.close()
  return file
}

async function dieAt(t: TestContext, before: string, write: string, step: number): Promise<string> {
  const file = testFile(t)
  copyFileSync(before, file)
  const { signal, stdout, stderr } = await endOf(
    startChild(children.path('dying-child.ts'), [file, write, String(step)]),
  )
  const isDone = stdout.includes('done')
  assert.equal(signal, isDone ? null : 'SIGKILL', stderr)
  const store = await openTestStore(t, { file })
  const signs = (await SIGNS[write]?.(store)) ?? []
  await store.close()
  assert.equal(new Set(signs).size, 1, `half of ${write} at step ${step}: ${signs.join()}`)
  if (isDone) assert.equal(signs[0], true)
  return isDone ? 'done' : signs[0] === true ? 'all' : 'nothing'
}

const KILLS = 30

test(`[R01] ${KILLS} kills under load: each login that was acknowledged is kept whole, none is there in part`, {
  timeout: 300_000,
}, async (t) => {
  const file = testFile(t)
  let next = 1
  for (let kill = 0; kill < KILLS; kill += 1) next = await loginUntilKilled(file, next, kill)
  const store = await openTestStore(t, { file })
  for (let n = 1; n < next; n += 1) {
    const parts = [
      await store.findCode(sampleHash(`code-${n}`)),
      await store.findUser(sampleUserId(n)),
      await store.findIdentity(queryOf(n)),
      await store.findSession(sampleSelector(n)),
    ]
    const there = parts.filter((part) => part !== null).length
    assert.ok(there === 0 || there === 4, `login ${n} is there in part`)
    assert.ok(there === 4 || !acknowledged.has(n), `login ${n} was acknowledged and is lost`)
  }
  assert.ok(acknowledged.size > KILLS)
})

const acknowledged = new Set<number>()

/** Kills the child after some acknowledgements; gives the number from which the next one goes on. */
async function loginUntilKilled(file: string, first: number, kill: number): Promise<number> {
  const count = 100_000
  const child = startChild(children.path('login-child.ts'), [file, String(first), String(count)])
  const end = endOf(child)
  const enough = 1 + ((kill * 37) % 90)
  let seen = 0
  child.stdout?.on('data', (chunk: Buffer) => {
    seen += chunk.toString().split('\n').length - 1
    if (seen > enough) child.kill('SIGKILL')
  })
  await once(child, 'exit')
  const { stdout, signal, stderr } = await end
  assert.equal(signal, 'SIGKILL', stderr)
  const numbers = stdout
    .split('\n')
    .slice(0, -1)
    .filter((line) => line !== 'ready')
    .map(Number)
  for (const n of numbers) acknowledged.add(n)
  return Math.max(first, ...numbers) + 100
}
