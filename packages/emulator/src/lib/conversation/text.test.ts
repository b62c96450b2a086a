import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FORM, startForeign } from '../../test-support/foreign-backend.ts'
import { APPID, startForTest } from '../../test-support/kit.ts'
import { ask, proxiedWx } from '../../test-support/proxied.ts'
import type { Arrow } from './arrow.ts'
import { conversationMermaid, conversationText } from './text.ts'

test('[F86] the text tells who, what and when, with the messages below', async (t) => {
  const emulator = await startForTest(t)
  const backend = await startForeign(t, emulator, FORM)
  await ask(proxiedWx(emulator), {
    url: `${backend.url}/orders`,
    header: { 'X-Our-Skey': '0123456789abcdef' },
  })
  emulator.advanceClock(60)
  const text = await (await fetch(`${emulator.url}/_emulator/conversation.txt`)).text()
  const escaped = backend.url.replaceAll('.', '\\.')
  assert.match(
    text,
    new RegExp(`^1  \\d+\\.\\d{3} s  alice's phone \\(phone:1\\) -> back end ${escaped}: GET /orders$`, 'm'),
  )
  assert.match(text, new RegExp(`^      GET ${escaped}/orders$`, 'm'))
  assert.match(text, /^ {6}X-Our-Skey: ‹token 1›$/im)
  assert.match(text, / --> alice's phone \(phone:1\): 401 40101$/m)
  assert.match(text, /^3 {2}\d+\.\d{3} s {2}operator: clock \+1 min$/m)
})

test('[F86] the diagram is Mermaid, whatever the labels hold', async (t) => {
  const emulator = await startForTest(t)
  const backend = await startForeign(t, emulator, FORM)
  await ask(proxiedWx(emulator), { url: `${backend.url}/a;b#c%3Bd` })
  emulator.login({ appid: APPID, user: 'alice' })
  const response = await fetch(`${emulator.url}/_emulator/conversation.txt?format=mermaid`)
  const lines = (await response.text()).trimEnd().split('\n')
  assert.equal(lines[0], 'sequenceDiagram')
  assert.ok(lines.includes("  actor s1 as alice's phone (phone:1)"))
  assert.ok(lines.includes('  s1->>s2: GET /a#59;b'))
  for (const line of lines.slice(1))
    assert.match(line, /^ {2}(actor|participant) s\d as |^ {2}s\d(->>|-->>|--x)s\d: |^ {2}Note over s\d: /)
  const wrong = await fetch(`${emulator.url}/_emulator/conversation.txt?format=svg`)
  assert.deepEqual([wrong.status, await wrong.text()], [400, 'no format "svg"; there are text and mermaid\n'])
})

test('a station that nobody knows by name, and an answer that got lost, have their words', () => {
  const answer: Arrow = {
    seq: 7,
    exchange: 4,
    part: 'answer',
    kind: 'wechat',
    from: 'wechat',
    to: 'server',
    at: '2025-08-24T00:00:00.000Z',
    elapsedMs: 1500,
    label: 'answer lost',
    outcome: 'lost',
  }
  const stations = [
    { id: 'wechat', kind: 'wechat' },
    { id: 'server', kind: 'server' },
  ] as const
  const conversation = { stations, arrows: [answer], dropped: 3 }
  const expected = '(3 older arrows were forgotten)\n7  1.500 s  WeChat --> a server: answer lost (lost)\n'
  assert.equal(conversationText(conversation), expected)
  assert.match(conversationMermaid(conversation), /s1--xs2: answer lost/)
})
