import assert from 'node:assert/strict'
import { test } from 'node:test'
import './testing/browser.ts'
import { launch, settle } from './testing/mini-program.ts'
import {
  ALICE,
  ok,
  refused,
  type StandInOptions,
  standInDialogs,
  standInYaopai,
} from './testing/stand-ins.ts'

const MINUTE_MS = 60_000
const event = (id: string, minutesAgo: number, type: string, reason: string | null = null) => ({
  id,
  at: new Date(Date.now() - minutesAgo * MINUTE_MS).toISOString(),
  type,
  reason,
  ip: '203.0.113.8',
})

async function openLogs(answers: StandInOptions['routes'], dialogs = standInDialogs()) {
  const client = standInYaopai({ user: ALICE, routes: answers ?? {} })
  const packages = { '@yaopai/miniprogram': { createYaopai: () => client.yaopai } }
  const page = await launch({ wx: dialogs.wx, packages }).open('pages/logs/logs')
  return { page, dialogs, ...client }
}

test('tells what happened in words, when, and from where', async () => {
  const events = [
    event('evt_3', 0, 'login.succeeded'),
    event('evt_2', 5, 'session.ended', 'replaced'),
    event('evt_1', 60 * 24 * 3, 'user.created'),
  ]
  const { page, sent } = await openLogs({ 'GET /me/events': () => ok({ events, next: null }) })
  const text = page.text()
  assert.match(text, /登录成功刚刚.*一次登录已结束5 分钟前被一次新的登录取代.*第一次来到这里3 天前/)
  assert.match(text, /\d{4}-\d{2}-\d{2} \d{2}:\d{2} · 来自 203\.0\.113\.8/)
  assert.match(text, /没有更早的了/)
  assert.equal(sent[0]?.['url'], 'http://127.0.0.1:8787/me/events')
})

test('what it has no words for, it tells too', async () => {
  const events = [event('evt_1', 90, 'user.levitated', 'reason_of_tomorrow')]
  const { page } = await openLogs({ 'GET /me/events': () => ok({ events, next: null }) })
  assert.match(page.text(), /账号有变动1 小时前/)
  assert.doesNotMatch(page.text(), /undefined|levitated|tomorrow/)
})

test('shows earlier pages, each once, and says when there are none', async () => {
  const asked: unknown[] = []
  let release: () => void = () => {}
  const pageOf = async ({ data }: Record<string, unknown>) => {
    asked.push(data)
    if (asked.length === 1) return ok({ events: [event('evt_2', 1, 'login.succeeded')], next: 'evt_2' })
    await new Promise<void>((resolve) => {
      release = resolve
    })
    return ok({ events: [event('evt_1', 2, 'user.created')], next: null })
  }
  const { page } = await openLogs({ 'GET /me/events': pageOf })
  await page.tap('.more')
  await page.live('onReachBottom')
  release()
  await settle()
  assert.deepEqual(asked, [{}, { before: 'evt_2' }])
  assert.match(page.text(), /登录成功.*第一次来到这里.*没有更早的了/)
  await page.live('onReachBottom')
  assert.equal(asked.length, 2)
})

test('a page that does not come leaves what is there, and can be asked for again', async () => {
  let isOffline = true
  const pageOf = ({ data }: Record<string, unknown>) => {
    if (!(data as { before?: string }).before)
      return ok({ events: [event('evt_2', 1, 'login.succeeded')], next: 'evt_2' })
    return isOffline
      ? refused('network', 'retry')
      : ok({ events: [event('evt_1', 2, 'user.created')], next: null })
  }
  const { page, dialogs } = await openLogs({ 'GET /me/events': pageOf })
  await page.tap('.more')
  assert.deepEqual(dialogs.told, ['没有连上网络'])
  assert.match(page.text(), /登录成功/)
  isOffline = false
  await page.tap('.more')
  assert.match(page.text(), /第一次来到这里/)
})

test('trouble is told, and trying again helps; an empty history is no trouble', async () => {
  let isBroken = true
  const answers = { 'GET /me/events': () => (isBroken ? ok('', 500) : ok({ events: [], next: null })) }
  const { page } = await openLogs(answers, standInDialogs({ language: 'en' }))
  assert.match(page.text(), /Something went wrong/)
  isBroken = false
  await page.tap('.notice-action')
  assert.match(page.text(), /Nothing yet/)
})
