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

const shop = (cart: string[] = [], visits = 3) => ok({ visits, cart, greeting: '你好，小明' })
const whoami = { 'GET /whoami': () => shop() }

async function openIndex(options: StandInOptions, dialogs = standInDialogs()) {
  const client = standInYaopai(options)
  const packages = { '@yaopai/miniprogram': { createYaopai: () => client.yaopai } }
  const page = await launch({ wx: dialogs.wx, packages }).open('pages/index/index')
  return { page, dialogs, ...client }
}

test('shows who this is, since when, and what the back end knows', async () => {
  const { page, calls } = await openIndex({
    user: ALICE,
    routes: { 'GET /whoami': () => shop(['龙井', '普洱', '龙井']) },
  })
  const text = page.text()
  for (const part of [
    '小明',
    '初次到访 2026-03-05',
    '编号 0ekWjhlY',
    '你好，小明',
    '3 来访次数',
    '3 杯中茶',
  ]) {
    assert.ok(text.includes(part), `${part} in ${text}`)
  }
  assert.match(text, /龙井 × 2/)
  assert.deepEqual(calls.slice(-2), ['ready', 'GET /whoami'])
})
