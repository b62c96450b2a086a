import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { copyBook } from '../../packages/server/src/lib/copy-book.ts'
import type { BookTarget } from '../../packages/server/src/lib/store/book.ts'
import { renew, session, stateOf } from '../../packages/server/src/lib/store/contract/renewal-state.ts'
import {
  firstLogin,
  NOW_MS,
  queryOf,
  sampleEvent,
  sampleHash,
  sampleIdentity,
  sampleSelector,
  sampleUserId,
} from '../../packages/server/src/lib/store/contract/samples.ts'
import { openMysqlTarget } from '../../packages/server/src/lib/store/mysql/mysql-store.ts'
import { setBench as setMysql } from '../../packages/server/src/lib/store/mysql/testing/open-test-store.ts'
import { openPostgresTarget } from '../../packages/server/src/lib/store/postgres/postgres-store.ts'
import { setBench as setPostgres } from '../../packages/server/src/lib/store/postgres/testing/open-test-store.ts'
import { openSqliteSource } from '../../packages/server/src/lib/store/sqlite/book-source.ts'
import {
  openTestStore,
  testFile,
} from '../../packages/server/src/lib/store/sqlite/testing/open-test-store.ts'
import type { Store } from '../../packages/server/src/lib/store/store.ts'
import { needs } from '../../tools/needs.ts'

/** One of everything that a book can hold, and odd texts. */
async function fill(store: Store): Promise<void> {
  await session(store, 1)
  await renew(store, 0)
  await renew(store, 1)
  await store.startRenewal({
    ...{ selector: sampleSelector(1), tokenHash: sampleHash('x'), nextHash: sampleHash('y') },
    ...{ seed: sampleHash('z'), atMs: NOW_MS, events: [] },
  })
  const odd = { unionid: 'o6_\u{1F600} ', unionScope: '开放 平台', keyRing: ['sealed-"1"', 'sealed\n2'] }
  const events = [
    sampleEvent(1, { facts: { zebra: true, apple: 7, via: '微信' }, ip: null, requestId: null }),
  ]
  await store.recordLogin(
    firstLogin(2, { identity: { kind: 'create', record: sampleIdentity(2, odd) }, events }),
  )
  await store.recordLogin(firstLogin(3))
  await store.updateProfile({ userId: sampleUserId(2), nickname: 'İ’m 小明 ', avatarUrl: null, events: [] })
  await store.setUserBan({ userId: sampleUserId(2), bannedAtMs: NOW_MS + 5, events: [] })
  await store.closeAccount({ userId: sampleUserId(3), atMs: NOW_MS + 6, events: [] })
  await store.useOpenData({ hash: sampleHash('open data'), forgetAfterMs: NOW_MS + 9, events: [] })
}

const clock = { nowMs: () => NOW_MS }

/** All that can be asked of it. */
async function toldBy(store: Store): Promise<unknown> {
  const told: unknown[] = []
  for (const n of [1, 2, 3]) {
    const userId = sampleUserId(n)
    told.push(await store.findUser(userId), await store.findIdentity(queryOf(n)), await stateOf(store, n))
    told.push(await store.findSession(sampleSelector(n)), await store.listEvents({ userId, limit: 50 }))
    told.push(await store.findCode(sampleHash(`code-${n}`)), await store.findLoginFacts(queryOf(n)))
  }
  // As text: one driver gives bytes as Buffers, the other as Uint8Arrays.
  const asText = (_key: string, value: unknown) => {
    if (value instanceof Uint8Array) return [...value]
    return Object(value).type === 'Buffer' ? Object(value).data : value
  }
  return JSON.parse(JSON.stringify(told, asText))
}

interface Engine {
  readonly createDatabase: () => Promise<string>
  readonly openTarget: (database: string) => Promise<BookTarget>
  readonly openStore: (t: TestContext, database: string) => Promise<Store>
}

function copyTests(engine: () => Engine): void {
  async function copy(file: string, database: string, finishAs: string | null, failure?: string) {
    const from = openSqliteSource({ file, finishAs })
    const to = await engine().openTarget(database)
    const open = failure === undefined ? to.open : () => Promise.reject(new Error(failure))
    try {
      return await copyBook({ from, to: { ...to, open }, finishAs, clock })
    } finally {
      await to.close()
      await from.close()
    }
  }

  test('a living book moves: first while its server runs, then the rest, and nothing can be told apart', async (t) => {
    const file = testFile(t)
    const old = await openTestStore(t, { file })
    await fill(old)
    const database = await engine().createDatabase()
    const first = await copy(file, database, null)
    const oddly = first.filter(({ rows, written }) => rows !== written || rows === 0)
    assert.deepEqual(oddly, [])
    await assert.rejects(engine().openStore(t, database), {
      message: /copy that is not finished/,
      exitCode: 78,
    })
    await old.recordLogin(firstLogin(4))
    await old.endSession({ ...{ selector: sampleSelector(2), userId: sampleUserId(2) }, ...LOGGED_OUT })
    await old.sweep({ ...SWEEP_CODES, nowMs: NOW_MS * 2 })
    await old.swapNote({ name: 'nodes', expected: null, value: '[{"keys":"of the old book"}]' })
    const before = await toldBy(old)
    await old.close()
    const last = await copy(file, database, 'somewhere else')
    const of = (name: string) => last.find(({ table }) => table === name)
    assert.deepEqual([of('users')?.written, of('sessions')?.written], [1, 2])
    assert.deepEqual([of('open_data')?.dropped, of('codes')?.dropped], [1, 3])
    const store = await engine().openStore(t, database)
    assert.deepEqual(await toldBy(store), before)
    assert.notEqual(await store.findSession(sampleSelector(4)), null)
    assert.equal(await store.findNote('nodes'), '[{"keys":"of the old book"}]')
    await assert.rejects(openTestStore(t, { file }), /has moved to somewhere else/)
    await assert.rejects(copy(file, database, null), /has moved to/)
  })

  test('the database goes on from there: its own logins, changes and sweeps', async (t) => {
    const file = testFile(t)
    const old = await openTestStore(t, { file })
    await fill(old)
    await old.close()
    const database = await engine().createDatabase()
    // Between the old book and the new one: the power fails.
    await assert.rejects(copy(file, database, 'there', 'power'), /power/)
    await assert.rejects(openTestStore(t, { file }), /has moved to there/)
    await assert.rejects(engine().openStore(t, database), { message: /copy that is not finished/ })
    await copy(file, database, 'there')
    const store = await engine().openStore(t, database)
    assert.equal(await store.recordLogin(firstLogin(5)), 'recorded')
    assert.equal(await store.recordLogin(firstLogin(1)), 'code_used')
    const again = { hash: sampleHash('open data'), forgetAfterMs: 1, events: [] }
    assert.equal(await store.useOpenData(again), 'conflict')
    await store.endSession({ ...{ selector: sampleSelector(5), userId: sampleUserId(5) }, ...LOGGED_OUT })
    const changes = await store.listChanges({ afterSeq: 0, limit: 10 })
    assert.deepEqual(
      changes.map(({ selector }) => selector),
      [sampleSelector(5)],
    )
  })

  test('a book of its own, and a copy of another, are left alone', async (t) => {
    const [one, other] = [testFile(t), testFile(t)]
    for (const file of [one, other]) {
      const store = await openTestStore(t, { file, clock: { nowMs: () => (file === one ? 1 : 2) } })
      await store.recordLogin(firstLogin(1))
      await store.close()
    }
    const lived = await engine().createDatabase()
    await (await engine().openStore(t, lived)).recordLogin(firstLogin(9))
    await assert.rejects(copy(one, lived, null), { name: 'CopyError', message: /holds a book already/ })
    const begun = await engine().createDatabase()
    await copy(one, begun, null)
    await assert.rejects(copy(other, begun, null), { name: 'CopyError' })
    await copy(one, begun, null)
    const raced = await engine().createDatabase()
    const racers = await Promise.all([1, 2, 3, 4].map(() => engine().openTarget(raced)))
    const claims = await Promise.all(racers.map((target, at) => target.claim(`book ${at}`)))
    await Promise.all(racers.map((target) => target.close()))
    assert.deepEqual(claims.sort(), ['claimed', 'other', 'other', 'other'])
  })
}

const LOGGED_OUT = { reason: 'logged_out', atMs: NOW_MS + 1, events: [] } as const
const SWEEP_CODES = {
  sessionsBeforeMs: 0,
  eventsBeforeMs: 0,
  changesBeforeMs: 0,
  changesKept: 0,
  seedsBeforeMs: 0,
  limit: 100,
}

describe('yaopai store copy to MariaDB', needs('mariadb'), () => {
  const bench = setMysql()
  copyTests(() => ({
    createDatabase: () => bench().server.createDatabase(),
    openTarget: (database) => openMysqlTarget({ pool: bench().server.pool(database), isLossAccepted: true }),
    openStore: (t, database) => bench().open(t, { database }),
  }))
})

describe('yaopai store copy to PostgreSQL', needs('postgresql'), () => {
  const bench = setPostgres()
  copyTests(() => ({
    createDatabase: () => bench().server.createDatabase(),
    openTarget: (database) => openPostgresTarget({ pool: bench().server.pool(database) }),
    openStore: (t, database) => bench().open(t, { database }),
  }))
})
