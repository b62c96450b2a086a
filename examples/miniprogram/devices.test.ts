import assert from 'node:assert/strict'
import { test } from 'node:test'
import './testing/browser.ts'
import { launch } from './testing/mini-program.ts'
import {
  ALICE,
  ok,
  refused,
  type StandInOptions,
  standInDialogs,
  standInYaopai,
} from './testing/stand-ins.ts'

const session = (id: string, isCurrent: boolean, device: object) => ({
  id,
  isCurrent,
  createdAt: new Date(Date.now() - 7_200_000).toISOString(),
  expiresAt: '2027-01-05T12:00:00.000Z',
  device: { id: null, label: null, brand: null, model: null, platform: null, ...device },
})

const three = [
  session('ses_2', false, { label: '客厅的平板' }),
  session('ses_1', true, { brand: 'Xiaomi', model: '2312DRA50C' }),
  session('ses_3', false, { brand: 'iPhone', model: 'iPhone 14 Pro<iPhone15,2>' }),
  session('ses_4', false, {}),
]

async function openDevices(routes: NonNullable<StandInOptions['routes']>, dialogs = standInDialogs()) {
  const client = standInYaopai({ user: ALICE, routes })
  const packages = { '@yaopai/miniprogram': { createYaopai: () => client.yaopai } }
  const page = await launch({ wx: dialogs.wx, packages }).open('pages/devices/devices')
  return { page, dialogs, ...client }
}

/** A server that knows these sessions. */
function serverOf(sessions = [...three]) {
  const end = (ended: (one: (typeof three)[number]) => boolean) => {
    const before = sessions.length
    sessions = sessions.filter((one) => !ended(one))
    return before - sessions.length
  }
  return {
    'GET /me/sessions': () => ok({ sessions }),
    'DELETE /me/sessions': () => ok({ ended: end(({ isCurrent }) => !isCurrent) }),
    'DELETE /me/sessions/ses_2': () => {
      end(({ id }) => id === 'ses_2')
      return ok('', 204)
    },
  }
}

test('shows where the user is logged in: this one first and marked, each by its name', async () => {
  const { page } = await openDevices(serverOf())
  assert.match(page.text(), /Xiaomi 2312DRA50C本机2 小时前登录 · 有效至 2027-01-05客厅的平板/)
  assert.match(page.text(), /下线iPhone 14 Pro2 小时前.*未知设备/)
  assert.equal(page.count('.device-end'), 3, 'the current one ends by logging out')
})

test('ends one, after asking, and shows who is left', async () => {
  const unsure = await openDevices(serverOf(), standInDialogs({ isSure: false }))
  await unsure.page.tap('.device-end', 0)
  assert.deepEqual(unsure.dialogs.told, ['让这台设备下线？: 客厅的平板 上的登录会立即失效。'])
  assert.equal(unsure.page.count('.device'), 4)
  const { page, dialogs, calls } = await openDevices(serverOf())
  await page.tap('.device-end', 0)
  assert.deepEqual(calls.slice(-2), ['DELETE /me/sessions/ses_2', 'GET /me/sessions'])
  assert.equal(dialogs.told.at(-1), '已下线 1 台设备')
  assert.doesNotMatch(page.text(), /客厅的平板/)
})

test('one that ended by itself meanwhile is gone, and nobody is alarmed', async () => {
  const gone = { statusCode: 404, data: { code: 'not_found', class: 'input' } }
  const { page, dialogs } = await openDevices({ ...serverOf(), 'DELETE /me/sessions/ses_2': () => gone })
  await page.tap('.device-end', 0)
  assert.equal(dialogs.told.at(-1), '已下线 1 台设备')
})

test('ends all others, and then says that all is well', async () => {
  const { page, dialogs } = await openDevices(serverOf())
  await page.tap('.others')
  assert.equal(dialogs.told.at(-1), '已下线 3 台设备')
  assert.match(page.text(), /只有这台设备登录着/)
  assert.deepEqual([page.count('.device'), page.count('.others')], [1, 0])
})

test('what fails is told, and the list stays', async () => {
  const routes = { ...serverOf(), 'DELETE /me/sessions': () => refused('store_unavailable', 'retry') }
  const { page, dialogs } = await openDevices(routes)
  await page.tap('.others')
  assert.match(dialogs.told.at(-1) ?? '', /服务器正忙/)
  assert.deepEqual([page.count('.device'), page.data['busy']], [4, ''])
})

test('who was sent out is told why, and offered no button that cannot help', async () => {
  const { page } = await openDevices({ 'GET /me/sessions': () => refused('revoked_by_admin', 'signed_out') })
  assert.match(page.text(), /管理员结束了这次登录/)
  assert.equal(page.count('.notice-action'), 0)
})

test('a list that does not come is told, and trying again helps', async () => {
  let isOffline = true
  const { page } = await openDevices({
    'GET /me/sessions': () => (isOffline ? refused('interrupted', 'retry') : ok({ sessions: three })),
  })
  assert.match(page.text(), /没有连上网络/)
  isOffline = false
  await page.tap('.notice-action')
  assert.equal(page.count('.device'), 4)
})
