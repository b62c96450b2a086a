import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Emulator } from '../../index.ts'
import { APPID, codeFor, exchange, OTHER_APPID, PATH, SECRET, startForTest } from '../../test-support/kit.ts'

interface Row {
  errcode: number
  errmsg: string
}

const file = new URL('../../fixtures/code-to-session-errors.json', import.meta.url)
const CATALOGUE: Row[] = JSON.parse(await readFile(file, 'utf8'))

type Cause = (
  emulator: Emulator,
) => Record<string, string | undefined> | Promise<Record<string, string | undefined>>

/** How each errcode comes about without a fault. -1 has no cause: WeChat gives none either. */
const CAUSES = new Map<number, Cause>([
  [40029, () => ({ js_code: 'nobody made this' })],
  [
    40163,
    async (emulator) => {
      const js_code = codeFor(emulator)
      await exchange(emulator, { js_code })
      return { js_code }
    },
  ],
  [
    40226,
    (emulator) => {
      emulator.putUser('alice', { risk: true })
      return { js_code: codeFor(emulator) }
    },
  ],
  [
    45011,
    async (emulator) => {
      emulator.setSettings({ minuteQuotaPerUser: 1 })
      await exchange(emulator, { js_code: codeFor(emulator) })
      return { js_code: codeFor(emulator) }
    },
  ],
  [
    45009,
    async (emulator) => {
      emulator.setSettings({ dailyQuotaPerApp: 1 })
      await exchange(emulator, { js_code: codeFor(emulator) })
      return { js_code: codeFor(emulator) }
    },
  ],
  [40013, () => ({ appid: OTHER_APPID, js_code: 'x' })],
  [40125, () => ({ secret: 'wrong', js_code: 'x' })],
  [41002, () => ({ appid: undefined })],
  [41004, () => ({ secret: undefined })],
  [41008, () => ({})],
  [40002, () => ({ js_code: 'x', grant_type: 'x' })],
  [
    50002,
    (emulator) => {
      emulator.putApp(APPID, { secret: SECRET, frozen: true })
      return { js_code: codeFor(emulator) }
    },
  ],
  [
    50007,
    (emulator) => {
      emulator.setSettings({ frozenAppErrcode: 50007 })
      emulator.putApp(APPID, { secret: SECRET, frozen: true })
      return { js_code: codeFor(emulator) }
    },
  ],
  [
    40243,
    (emulator) => {
      emulator.setSettings({ frozenAppErrcode: 40243 })
      emulator.putApp(APPID, { secret: SECRET, frozen: true })
      return { js_code: codeFor(emulator) }
    },
  ],
  [
    40164,
    (emulator) => {
      emulator.putApp(APPID, { secret: SECRET, ipAllowList: ['10.0.0.1'] })
      return { js_code: codeFor(emulator) }
    },
  ],
])

function pattern(errmsg: string): RegExp {
  const escaped = errmsg.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('{rid}', '[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}')}$`)
}

for (const { errcode, errmsg } of CATALOGUE) {
  test(`[F81][F82] ${errcode} can be had, with WeChat's text`, async (t) => {
    const emulator = await startForTest(t)
    emulator.addFault({ path: PATH, times: 1, errcode })
    const byFault = await exchange(emulator, {})
    assert.equal(byFault.json['errcode'], errcode)
    assert.match(String(byFault.json['errmsg']), pattern(errmsg))
    const cause = CAUSES.get(errcode)
    assert.equal(cause === undefined, errcode === -1, 'every errcode but -1 has a cause of its own')
    if (!cause) return
    const byCause = await exchange(emulator, await cause(emulator))
    assert.equal(byCause.json['errcode'], errcode)
    assert.match(String(byCause.json['errmsg']), pattern(errmsg))
  })
}

for (const errcode of [40164, 40243, 50007]) {
  test(`[F81] ${errcode}, which other paths have, can be had by its cause`, async (t) => {
    const emulator = await startForTest(t)
    const params = await CAUSES.get(errcode)?.(emulator)
    assert.equal((await exchange(emulator, params ?? {})).json['errcode'], errcode)
  })
}

test('[F81] an allowed address passes; ipAllowListGuardsLogin false lets all pass', async (t) => {
  const emulator = await startForTest(t)
  emulator.putApp(APPID, { secret: SECRET, ipAllowList: ['127.0.0.1'] })
  assert.ok((await exchange(emulator, { js_code: codeFor(emulator) })).json['openid'])
  emulator.putApp(APPID, { secret: SECRET, ipAllowList: ['10.0.0.1'] })
  emulator.setSettings({ ipAllowListGuardsLogin: false })
  assert.ok((await exchange(emulator, { js_code: codeFor(emulator) })).json['openid'])
})
