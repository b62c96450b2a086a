import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { NEW_YEAR_MS } from '../../testing/moved-clock.ts'
import { sampleIdentity, sampleUser } from '../../testing/sample-records.ts'
import type { UserId } from '../ids.ts'
import type { IdentityRecord, UserRecord } from '../records.ts'
import { type Arrival, type Decision, decide, type Found } from './decide.ts'

const key = { platform: 'wechat', appid: 'wx0000000000000001', openid: 'o-alice' } as const
const nobody: Found = { identity: null, user: null, unionUser: null }
const alice = sampleUser()
const known: Found = { ...nobody, identity: sampleIdentity(), user: alice }
const bob = sampleUser({ id: 'usr_0000000000000bob' })

function arrival(differing: Partial<Arrival> = {}): Arrival {
  return {
    key,
    unionid: null,
    unionScope: 'default',
    newKeyRing: ['sealed-new'],
    nowMs: NEW_YEAR_MS,
    newUserId: 'usr_0000000000newone',
    nickname: null,
    ...differing,
  }
}

function decided(found: Found, differing: Partial<Arrival> = {}): Extract<Decision, { ok: true }> {
  const decision = decide(found, arrival(differing))
  assert.ok(decision.ok)
  return decision
}

describe('who nobody knows', () => {
  test('[F13] becomes a new user with a new identity', () => {
    assert.deepEqual(decided(nobody, { unionid: 'u-1', nickname: ' 小明 ' }), {
      ok: true,
      user: {
        kind: 'create',
        record: {
          id: 'usr_0000000000newone',
          nickname: '小明',
          avatarUrl: null,
          phone: null,
          createdAtMs: NEW_YEAR_MS,
          bannedAtMs: null,
        },
      },
      identity: {
        kind: 'create',
        record: {
          ...key,
          userId: 'usr_0000000000newone',
          unionid: 'u-1',
          unionScope: 'default',
          keyRing: ['sealed-new'],
          createdAtMs: NEW_YEAR_MS,
          version: 1,
        },
      },
      unionConflictWith: null,
    })
  })

  test('is not named 微信用户, which is no name', () => {
    for (const nickname of ['微信用户', ' 微信用户 ', '', '  ']) {
      const { user } = decided(nobody, { nickname })
      assert.ok(user.kind === 'create')
      assert.equal(user.record.nickname, null)
    }
  })

  test('has an empty ring where no key came', () => {
    const { identity } = decided(nobody, { newKeyRing: null })
    assert.deepEqual(identity.kind === 'create' && identity.record.keyRing, [])
  })
})

describe('who is known by openid', () => {
  test('stays that user, and nothing is written when nothing is new', () => {
    assert.deepEqual(decided(known, { newKeyRing: null }), {
      ok: true,
      user: { kind: 'keep', id: alice.id },
      identity: { kind: 'keep', key, expectedVersion: 1 },
      unionConflictWith: null,
    })
  })

  test('[F35] brings a new session_key: the ring is written under the next version', () => {
    const identity = sampleIdentity({ version: 7, keyRing: ['sealed-old'] })
    assert.deepEqual(decided({ ...known, identity }).identity, {
      kind: 'update',
      record: { ...identity, keyRing: ['sealed-new'], version: 8 },
      expectedVersion: 7,
    })
  })

  test('gains a unionid later, keeping ring and user', () => {
    const identity = sampleIdentity({ keyRing: ['sealed-old'] })
    const decision = decided({ ...known, identity }, { unionid: 'u-1', newKeyRing: null })
    const record = { ...identity, unionid: 'u-1', version: 2 }
    assert.deepEqual(decision.identity, { kind: 'update', record, expectedVersion: 1 })
    assert.equal(decision.unionConflictWith, null)
  })

  test('keeps a unionid that WeChat does not repeat', () => {
    const identity = sampleIdentity({ unionid: 'u-1' })
    assert.equal(decided({ ...known, identity }, { newKeyRing: null }).identity.kind, 'keep')
  })

  test('[T20] keeps its unionid in the scope it was told in, though the app moved to another', () => {
    const identity = sampleIdentity({ unionid: 'u-1', unionScope: 'before' })
    const moved = decided({ ...known, identity }, { unionScope: 'after' })
    assert.ok(moved.identity.kind === 'update')
    assert.equal(moved.identity.record.unionid, 'u-1')
    assert.equal(moved.identity.record.unionScope, 'before')
    const told = decided({ ...known, identity }, { unionScope: 'after', unionid: 'u-2', newKeyRing: null })
    assert.ok(told.identity.kind === 'update')
    assert.equal(told.identity.record.unionid, 'u-2')
    assert.equal(told.identity.record.unionScope, 'after')
  })

  test('[T20] stays who they are when the unionid is another user’s, which is reported', () => {
    const decision = decided({ ...known, unionUser: bob }, { unionid: 'u-bob' })
    assert.deepEqual(decision.user, { kind: 'keep', id: alice.id })
    assert.equal(decision.unionConflictWith, bob.id)
    assert.equal(decided({ ...known, unionUser: alice }, { unionid: 'u-1' }).unionConflictWith, null)
  })

  test('is reported once: when the unionid is learned, not at every login after it', () => {
    const first = decided({ ...known, unionUser: bob }, { unionid: 'u-bob' })
    assert.ok(first.identity.kind === 'update')
    const later = decided({ ...known, identity: first.identity.record, unionUser: bob }, { unionid: 'u-bob' })
    assert.equal(later.unionConflictWith, null)
  })
})

describe('who is known by unionid alone', () => {
  test('joins that user with an identity of this app', () => {
    const decision = decided({ ...nobody, unionUser: bob }, { unionid: 'u-bob', nickname: 'x' })
    assert.deepEqual(decision.user, { kind: 'keep', id: bob.id })
    assert.ok(decision.identity.kind === 'create')
    assert.equal(decision.identity.record.userId, bob.id)
    assert.equal(decision.identity.record.openid, key.openid)
  })
})

describe('who is banned', () => {
  const banned = { ...alice, bannedAtMs: NEW_YEAR_MS }

  test('stays out, known by openid or by unionid', () => {
    assert.deepEqual(decide({ ...known, user: banned }, arrival()), { ok: false, reason: 'banned' })
    assert.deepEqual(decide({ ...nobody, unionUser: banned }, arrival()), { ok: false, reason: 'banned' })
    assert.deepEqual(decide({ ...known, user: banned, unionUser: bob }, arrival()), {
      ok: false,
      reason: 'banned',
    })
  })

  test('does not shut out the user whom the openid names', () => {
    const decision = decided({ ...known, unionUser: { ...bob, bannedAtMs: NEW_YEAR_MS } })
    assert.deepEqual(decision.user, { kind: 'keep', id: alice.id })
  })
})

/** A store in a map, which applies what was decided: enough to see what comes of many logins. */
interface World {
  readonly users: Map<UserId, UserRecord>
  readonly identities: Map<string, IdentityRecord>
}

function find(world: World, appid: string, openid: string, unionid: string | null): Found {
  const identity = world.identities.get(`${appid} ${openid}`) ?? null
  const byUnion = [...world.identities.values()].find((one) => unionid !== null && one.unionid === unionid)
  const user = (id: UserId | undefined) => (id === undefined ? null : (world.users.get(id) ?? null))
  return { identity, user: user(identity?.userId), unionUser: user(byUnion?.userId) }
}

function apply(world: World, { user, identity }: Extract<Decision, { ok: true }>): UserId {
  if (user.kind === 'create') {
    assert.equal(world.users.has(user.record.id), false)
    world.users.set(user.record.id, user.record)
  }
  if (identity.kind !== 'keep') {
    const at = `${identity.record.appid} ${identity.record.openid}`
    assert.equal(identity.kind === 'create', !world.identities.has(at))
    world.identities.set(at, identity.record)
  }
  return user.kind === 'create' ? user.record.id : user.id
}

const anyLogin = fc.record({
  appid: fc.constantFrom('wx-a', 'wx-b'),
  person: fc.integer({ min: 0, max: 3 }),
  tellsUnionid: fc.boolean(),
  hasNewKey: fc.boolean(),
  ban: fc.option(fc.integer({ min: 0, max: 5 }), { freq: 4 }),
})

test('[F13][T20] over any logins: one identity one user for ever, versions grow by one, no banned user gets in', () => {
  fc.assert(
    fc.property(fc.array(anyLogin, { maxLength: 20 }), (logins) => {
      const world: World = { users: new Map(), identities: new Map() }
      const firstUserOf = new Map<string, UserId>()
      logins.forEach(({ appid, person, tellsUnionid, hasNewKey, ban }, turn) => {
        banOne(world, ban)
        const openid = `o-${person}`
        const unionid = tellsUnionid ? `u-${person}` : null
        const before = world.identities.get(`${appid} ${openid}`)
        const found = find(world, appid, openid, unionid)
        const decision = decide(
          found,
          arrival({
            key: { platform: 'wechat', appid, openid },
            unionid,
            newKeyRing: hasNewKey || before === undefined ? [`k${turn}`] : null,
            newUserId: `usr_${turn}`,
          }),
        )
        const owner = before === undefined ? found.unionUser : (world.users.get(before.userId) ?? null)
        assert.equal(decision.ok, owner?.bannedAtMs == null)
        if (!decision.ok) return
        const userId = apply(world, decision)
        const first = firstUserOf.get(`${appid} ${openid}`) ?? userId
        firstUserOf.set(`${appid} ${openid}`, first)
        assert.equal(userId, first)
        const after = world.identities.get(`${appid} ${openid}`)
        assert.equal(after?.userId, userId)
        const isWritten = decision.identity.kind !== 'keep'
        assert.equal(after?.version, (before?.version ?? 0) + (isWritten ? 1 : 0))
        if (before?.unionid != null) assert.notEqual(after?.unionid, null)
      })
    }),
    { numRuns: 3_000 },
  )
})

function banOne(world: World, number: number | null): void {
  const user = number === null ? undefined : [...world.users.values()][number]
  if (user !== undefined) world.users.set(user.id, { ...user, bannedAtMs: NEW_YEAR_MS })
}
