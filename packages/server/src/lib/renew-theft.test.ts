import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renewed, tryRenew, use } from '../testing/renewals.ts'
import { type Rig, startRig } from '../testing/rig.ts'
import { createAuthenticate } from './authenticate.ts'
import { ERROR_CODES } from './errors.ts'
import { sessionIdOf } from './session/selector.ts'
import { formatToken } from './session/token.ts'

const GRACE = 30
const DAY = 86_400

/** Nobody has the session any more, and each who asks is told why. */
async function assertBothOut(rig: Rig, tokens: readonly string[]): Promise<void> {
  for (const token of tokens) {
    assert.equal(await use(rig, token), 'reuse_detected')
    assert.deepEqual(await tryRenew(rig, token), { refusal: 'reuse_detected' })
  }
}

test('[F20][T13] the thief renews first: the victim’s old token, late, ends the session for both', async (t) => {
  const rig = await startRig(t)
  const { token: stolen } = await rig.logIn('alice')
  const thiefs = await renewed(rig, stolen)
  assert.equal(await use(rig, thiefs), 'ok')
  rig.advance(GRACE)
  assert.equal(await use(rig, stolen), 'reuse_detected')
  await assertBothOut(rig, [thiefs, stolen])
})

test('[F20][T13] the victim renews first: the thief’s late use of the old token ends the session for both', async (t) => {
  const rig = await startRig(t)
  const { token: stolen } = await rig.logIn('alice')
  const victims = await renewed(rig, stolen)
  assert.equal(await use(rig, victims), 'ok')
  rig.advance(GRACE)
  assert.deepEqual(await tryRenew(rig, stolen), { refusal: 'reuse_detected' })
  await assertBothOut(rig, [victims, stolen])
})

test('[F20][T13] both renew within the grace and share one line: the next renewal finds out the one who stays behind', async (t) => {
  const rig = await startRig(t)
  const { token: stolen } = await rig.logIn('alice')
  const victims = await renewed(rig, stolen)
  assert.equal(await use(rig, victims), 'ok')
  const thiefs = await renewed(rig, stolen)
  assert.equal(thiefs, victims, 'there is no second line')
  rig.advance(DAY)
  const next = await renewed(rig, victims)
  assert.equal(await use(rig, next), 'ok')
  rig.advance(GRACE)
  assert.equal(await use(rig, thiefs), 'reuse_detected')
  await assertBothOut(rig, [next, thiefs, stolen])
})

test('[F21][T13] a lost answer is no theft: asked again before its first use or within the grace, all goes on', async (t) => {
  const rig = await startRig(t)
  const { token } = await rig.logIn('alice')
  const lost = await renewed(rig, token)
  rig.advance(DAY)
  assert.equal(await renewed(rig, token), lost)
  assert.equal(await use(rig, lost), 'ok')
  rig.advance(GRACE - 1)
  assert.equal(await renewed(rig, token), lost)
  rig.advance(DAY)
  assert.equal(await use(rig, lost), 'ok')
})

test('[F20] a token of many renewals ago ends the session like the last one', async (t) => {
  const rig = await startRig(t)
  const { token: first } = await rig.logIn('alice')
  let newest = first
  for (let count = 0; count < 10; count += 1) {
    newest = await renewed(rig, newest)
    assert.equal(await use(rig, newest), 'ok')
    rig.advance(DAY)
  }
  assert.equal(await use(rig, first), 'reuse_detected')
  assert.equal(await use(rig, newest), 'reuse_detected')
})

test('[F20][T13] a forged token ends nothing, though the session’s id is known and it was renewed', async (t) => {
  const rig = await startRig(t)
  const { token, session } = await rig.logIn('alice')
  const current = await renewed(rig, token)
  assert.equal(await use(rig, current), 'ok')
  rig.advance(GRACE)
  for (let fill = 0; fill < 256; fill += 1) {
    const forged = formatToken('yp1_', session.selector, Buffer.alloc(32, fill))
    assert.equal(await use(rig, forged), 'invalid_token')
    assert.deepEqual(await tryRenew(rig, forged), { refusal: 'invalid_token' })
  }
  assert.equal(await use(rig, current), 'ok')
})

test('[F20] an old token of one session ends that one; the user’s others live on', async (t) => {
  const rig = await startRig(t)
  const [phone, tablet] = [await rig.logIn('alice'), await rig.logIn('alice')]
  assert.equal(await use(rig, await renewed(rig, phone.token)), 'ok')
  rig.advance(GRACE)
  assert.equal(await use(rig, phone.token), 'reuse_detected')
  assert.equal(await use(rig, tablet.token), 'ok')
})

test('[F20] history, change row and log tell of it once, with the address of who presented the old token', async (t) => {
  const rig = await startRig(t)
  const { token, session, user } = await rig.logIn('alice')
  assert.equal(await use(rig, await renewed(rig, token)), 'ok')
  rig.advance(GRACE)
  const before = await rig.store.listChanges({ afterSeq: 0, limit: 100 })
  const thief = { requestId: 'req_thief', ip: '198.51.100.9' }
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => rig.authenticate(token, thief)))
  for (const outcome of outcomes) assert.deepEqual(outcome, { ok: false, reason: 'reuse_detected' })
  const events = await rig.store.listEvents({ userId: user.id, limit: 100 })
  const ended = events.filter(({ type }) => type === 'session.ended')
  assert.deepEqual(
    ended.map(({ facts, sessionId, ip, requestId }) => ({ ...facts, sessionId, ip, requestId })),
    [{ reason: 'reuse_detected', sessionId: sessionIdOf(session.selector), ...thief }],
  )
  const changes = await rig.store.listChanges({ afterSeq: before.at(-1)?.seq ?? 0, limit: 100 })
  assert.deepEqual(
    changes.map(({ selector }) => selector),
    [session.selector],
  )
  const lines = rig.logLines.filter(({ event }) => event === 'session.reuse_detected')
  assert.deepEqual(
    lines.map(({ fields }) => fields),
    [{ session: sessionIdOf(session.selector) }],
  )
})

test('[F20] where nobody says who presented the token, its use ends the session all the same', async (t) => {
  const rig = await startRig(t)
  const { token, user } = await rig.logIn('alice')
  assert.equal(await use(rig, await renewed(rig, token)), 'ok')
  rig.advance(GRACE)
  assert.deepEqual(await createAuthenticate(rig.services)(token), { ok: false, reason: 'reuse_detected' })
  const [ended] = await rig.store.listEvents({ userId: user.id, limit: 1 })
  assert.deepEqual([ended?.type, ended?.ip, ended?.requestId], ['session.ended', null, null])
})

test('[F20] who was found out is kept out until the user asks: reuse_detected is of the class signed_out', () => {
  assert.deepEqual([ERROR_CODES.reuse_detected.status, ERROR_CODES.reuse_detected.class], [401, 'signed_out'])
})
