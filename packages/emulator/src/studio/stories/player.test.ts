import assert from 'node:assert/strict'
import test, { describe } from 'node:test'
import type { Arrow } from '../../lib/conversation/arrow.ts'
import { sampleConversation } from '../test-support/sample.ts'
import { createPlayer } from './player.ts'
import { STORIES, storyById } from './stories.ts'
import type { Stage, Story } from './story.ts'
import { describeWanted, findAll, matches } from './wanted.ts'

const { arrows: recorded } = sampleConversation()

/** Nobody is on this stage: steps act by saying more of what was recorded. */
function createTheatre() {
  let arrows: readonly Arrow[] = []
  const listeners = new Set<() => void>()
  const timers = new Set<{ run: () => void; ms: number }>()
  const player = createPlayer({
    stage: {} as Stage, // no step here asks for it
    arrows: () => arrows,
    onArrows(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    readingMs: () => 10,
    patienceMs: 1000,
    setTimer(run, ms) {
      const timer = { run, ms }
      timers.add(timer)
      return () => timers.delete(timer)
    },
  })
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    player,
    settle,
    listeners,
    sayUpTo(seq: number) {
      arrows = recorded.filter((arrow) => arrow.seq <= seq)
      for (const listener of [...listeners]) listener()
    },
    /** The time of every timer of this length is over. */
    async elapse(ms: number) {
      for (const timer of [...timers]) {
        if (timer.ms !== ms) continue
        timers.delete(timer)
        timer.run()
      }
      await settle()
    },
  }
}

const say = { en: 'x', zh: 'x' }
const TALE: Story = {
  id: 'tale',
  mark: '试',
  title: say,
  teaser: say,
  needs: [],
  steps: [
    { say, until: [{ phone: 1, path: '/login', status: 200 }] },
    { say, until: [{ phone: 1, status: 401, reason: 'revoked_by_admin' }] },
  ],
  conclusion: say,
}

describe('the player of stories', () => {
  test('goes on when what it waits for was said and read, and ends with what it heard', async () => {
    const { player, sayUpTo, elapse, settle, listeners } = createTheatre()
    const isOver = player.start(TALE)
    await settle()
    assert.equal(player.playing.get().phase, 'acting')
    sayUpTo(6)
    await settle()
    assert.equal(player.playing.get().phase, 'reading')
    await elapse(10)
    assert.equal(player.playing.get().index, 1)
    sayUpTo(recorded.length)
    await settle()
    player.next()
    await isOver
    const { phase, heard } = player.playing.get()
    assert.equal(phase, 'done')
    assert.deepEqual(
      heard.map(({ label }) => label),
      ['200 ‹token 1›', '401 revoked_by_admin'],
    )
    assert.equal(listeners.size, 0, 'nobody listens any more')
  })

  test('waits while it is paused, one step at a time', async () => {
    const { player, sayUpTo, elapse, settle } = createTheatre()
    void player.start(TALE)
    player.setPaused(true)
    await settle()
    sayUpTo(6)
    await settle()
    await elapse(10)
    assert.equal(player.playing.get().index, 0, 'the time to read does not count')
    player.next()
    await settle()
    assert.equal(player.playing.get().index, 1)
    player.setPaused(false)
    assert.equal(player.playing.get().isPaused, false)
  })

  test('says what it waited for in vain', async () => {
    const { player, elapse, settle } = createTheatre()
    const isOver = player.start(TALE)
    await settle()
    await elapse(1000)
    await isOver
    const { phase, failure } = player.playing.get()
    assert.deepEqual([phase, failure], ['failed', 'phone 1: /login → 200'])
  })

  test('tells why a step could not be done', async () => {
    const { player } = createTheatre()
    const act = () => Promise.reject(new Error('phone 1 is not there'))
    await player.start({ ...TALE, steps: [{ say, act }] })
    assert.equal(player.playing.get().failure, 'phone 1 is not there')
  })

  test('stops at once, and an old story never speaks into a new one', async () => {
    const { player, sayUpTo, settle } = createTheatre()
    const first = player.start(TALE)
    await settle()
    void player.start({ ...TALE, id: 'other' })
    sayUpTo(6)
    await first
    await settle()
    assert.equal(player.playing.get().story?.id, 'other')
    player.stop()
    assert.equal(player.playing.get().story, null)
  })
})

describe('what stories wait for', () => {
  test('is found once each, after the step began', () => {
    const wanted = [
      { path: '/whoami', status: 401 },
      { path: '/whoami', status: 200 },
    ]
    assert.equal(findAll(wanted, recorded, 0).missing.length, 0)
    assert.deepEqual(findAll(wanted, recorded, 12).missing, [wanted[1]])
    const twice = [
      { path: '/login', status: 200 },
      { path: '/login', status: 200 },
    ]
    const loginsAnswered = recorded.filter((arrow) =>
      matches({ path: '/login', status: 200 }, arrow, recorded),
    )
    assert.equal(findAll(twice, recorded, 0).missing.length, 2 - Math.min(2, loginsAnswered.length))
  })

  test('is described for people', () => {
    assert.equal(
      describeWanted({ phone: 2, method: 'DELETE', path: '/me/sessions', status: 204 }),
      'phone 2: DELETE /me/sessions → 204',
    )
    assert.equal(describeWanted({ action: 'clock.advance' }), 'clock.advance')
  })
})

describe('the stories', () => {
  test('have names of their own, words in both languages, and a quote that they wait for', () => {
    assert.equal(new Set(STORIES.map(({ id }) => id)).size, STORIES.length)
    for (const story of STORIES) {
      assert.equal(storyById(story.id), story)
      const texts = [story.title, story.teaser, story.conclusion, ...story.steps.map((step) => step.say)]
      for (const { en, zh } of texts) {
        assert.doesNotMatch(en, /[\u4e00-\u9fff]/, story.id)
        assert.match(zh, /[\u4e00-\u9fff]/, story.id)
      }
      const awaited = story.steps.flatMap((step) => step.until ?? [])
      const { reason } = story.quotes ?? {}
      assert.ok(
        awaited.some((wanted) => wanted.reason === reason),
        story.id,
      )
    }
  })
})
