import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { NEW_YEAR_MS } from '../../testing/moved-clock.ts'
import type { EndReason } from '../errors.ts'
import { endOf, judgeSession, type SessionState } from './judge.ts'
import { DEFAULT_POLICY, deadlinesOf, touchedDeadline } from './lifetime.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const REASONS: readonly EndReason[] = [
  'replaced',
  'logged_out',
  'revoked_by_user',
  'revoked_by_admin',
  'reuse_detected',
  'user_deleted',
]

function living(differing: Partial<SessionState> = {}): SessionState {
  return {
    ...deadlinesOf(NEW_YEAR_MS, DEFAULT_POLICY),
    endedAtMs: null,
    endReason: null,
    userBannedAtMs: null,
    ...differing,
  }
}

function reasonAt(session: SessionState, nowMs: number): string {
  const verdict = judgeSession(session, nowMs)
  return verdict.ok ? 'ok' : verdict.reason
}

describe('boundaries', () => {
  test('[F17] idle: three days and the hour between two touches, to the millisecond', () => {
    const end = NEW_YEAR_MS + 3 * DAY + HOUR
    assert.equal(reasonAt(living(), end - 1), 'ok')
    assert.equal(reasonAt(living(), end), 'idle_timeout')
    assert.equal(reasonAt(living(), end + 1), 'idle_timeout')
  })

  test('[F18] absolute: thirty days, to the millisecond, however often it is used', () => {
    const session = living({ idleDeadlineMs: NEW_YEAR_MS + 400 * DAY })
    const end = NEW_YEAR_MS + 30 * DAY
    assert.equal(reasonAt(session, end - 1), 'ok')
    assert.equal(reasonAt(session, end), 'expired')
    assert.equal(reasonAt(session, end + 1), 'expired')
  })

  test('[F17][F18] the earlier deadline names the reason, the absolute one where they meet', () => {
    const at = NEW_YEAR_MS + DAY
    const meet = living({ idleDeadlineMs: at, absoluteDeadlineMs: at })
    assert.equal(reasonAt(meet, at), 'expired')
    assert.equal(reasonAt({ ...meet, idleDeadlineMs: at - 1 }, at), 'idle_timeout')
    assert.equal(reasonAt({ ...meet, absoluteDeadlineMs: at - 1 }, at), 'expired')
  })

  test('[F25] a dead session tells why for thirty days, then its token is as unknown as any', () => {
    for (const endReason of REASONS) {
      const session = living({ endedAtMs: NEW_YEAR_MS + 5, endReason })
      assert.equal(reasonAt(session, NEW_YEAR_MS + 5), endReason)
      assert.equal(reasonAt(session, NEW_YEAR_MS + 5 + 30 * DAY), endReason)
      assert.equal(reasonAt(session, NEW_YEAR_MS + 5 + 30 * DAY + 1), 'invalid_token')
    }
    const idleEnd = NEW_YEAR_MS + 3 * DAY + HOUR
    assert.equal(reasonAt(living(), idleEnd + 30 * DAY), 'idle_timeout')
    assert.equal(reasonAt(living(), idleEnd + 30 * DAY + 1), 'invalid_token')
  })

  test('a ban shuts a living session at once and leaves a dead one its own reason', () => {
    const banned = living({ userBannedAtMs: NEW_YEAR_MS + 1 })
    assert.equal(reasonAt(banned, NEW_YEAR_MS + 1), 'banned')
    assert.equal(
      reasonAt({ ...banned, endedAtMs: NEW_YEAR_MS, endReason: 'logged_out' }, NEW_YEAR_MS + 1),
      'logged_out',
    )
    assert.equal(reasonAt(banned, NEW_YEAR_MS + 4 * DAY), 'idle_timeout')
  })

  test('a session that was ended with no reason kept is dead all the same', () => {
    assert.equal(reasonAt(living({ endedAtMs: NEW_YEAR_MS }), NEW_YEAR_MS), 'invalid_token')
  })

  test('a deadline that is no number is over', () => {
    assert.equal(judgeSession(living({ idleDeadlineMs: Number.NaN }), NEW_YEAR_MS).ok, false)
  })
})

describe('over random lives', () => {
  const anyStep = fc.record({
    waitMs: fc.oneof(fc.nat({ max: 2 * HOUR }), fc.nat({ max: 5 * DAY }), fc.nat({ max: 40 * DAY })),
    act: fc.constantFrom('use', 'use', 'use', 'end', 'ban', 'unban'),
    reason: fc.constantFrom(...REASONS),
  })

  test('[F17][F18][F25] the verdict is that of a model that only remembers what happened', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 25 }), (steps) => {
        let session = living()
        let nowMs = NEW_YEAR_MS
        const story: Story = { startMs: nowMs, touchedAtMs: nowMs, ended: null, isBanned: false }
        for (const { waitMs, act, reason } of steps) {
          nowMs += waitMs
          assert.equal(reasonAt(session, nowMs), tell(story, nowMs))
          session = actOn(session, story, nowMs, act, reason)
          assert.equal(reasonAt(session, nowMs), tell(story, nowMs))
          assert.equal(session.absoluteDeadlineMs, story.startMs + 30 * DAY)
        }
      }),
      { numRuns: 3_000 },
    )
  })

  test('the end does not depend on when one asks, once it has come', () => {
    fc.assert(
      fc.property(fc.nat({ max: 60 * DAY }), fc.nat({ max: 60 * DAY }), (idle, absolute) => {
        const session = living({
          idleDeadlineMs: NEW_YEAR_MS + idle,
          absoluteDeadlineMs: NEW_YEAR_MS + absolute,
        })
        const end = endOf(session, Number.POSITIVE_INFINITY)
        assert.deepEqual(end, endOf(session, end?.atMs ?? 0))
        assert.equal(endOf(session, (end?.atMs ?? 0) - 1), null)
      }),
      { numRuns: 1_000 },
    )
  })
})

/** What happened, in words of the promise instead of deadlines. */
interface Story {
  readonly startMs: number
  touchedAtMs: number
  ended: { readonly atMs: number; readonly reason: string } | null
  isBanned: boolean
}

function tell(story: Story, nowMs: number): string {
  const end = story.ended ?? timedOut(story, nowMs)
  if (end !== null) return nowMs <= end.atMs + 30 * DAY ? end.reason : 'invalid_token'
  return story.isBanned ? 'banned' : 'ok'
}

function timedOut(story: Story, nowMs: number): { atMs: number; reason: string } | null {
  const idleEnd = story.touchedAtMs + 3 * DAY + HOUR
  const lastEnd = story.startMs + 30 * DAY
  if (nowMs >= idleEnd && idleEnd < lastEnd) return { atMs: idleEnd, reason: 'idle_timeout' }
  return nowMs >= lastEnd ? { atMs: lastEnd, reason: 'expired' } : null
}

/** As the verbs do it: only what is alive is touched or ended. */
function actOn(
  session: SessionState,
  story: Story,
  nowMs: number,
  act: string,
  reason: EndReason,
): SessionState {
  if (act === 'ban' || act === 'unban') {
    story.isBanned = act === 'ban'
    return { ...session, userBannedAtMs: story.isBanned ? nowMs : null }
  }
  if (story.ended !== null || timedOut(story, nowMs) !== null) return session
  if (act === 'end') {
    story.ended = { atMs: nowMs, reason }
    return { ...session, endedAtMs: nowMs, endReason: reason }
  }
  if (nowMs - story.touchedAtMs >= HOUR) story.touchedAtMs = nowMs
  const { idleDeadlineMs } = session
  const later = touchedDeadline({ idleDeadlineMs, idleSeconds: DEFAULT_POLICY.idleSeconds }, nowMs)
  return { ...session, idleDeadlineMs: later ?? idleDeadlineMs }
}
