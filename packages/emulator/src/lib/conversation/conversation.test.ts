import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Arrow, type Emulator, MOCK_CODE } from '../../index.ts'
import { mirror, startBackend } from '../../test-support/backend.ts'
import { FORM, startForeign, TUTORIAL } from '../../test-support/foreign-backend.ts'
import { APPID, codeFor, control, exchange, PATH, startForTest } from '../../test-support/kit.ts'
import { ask, proxiedWx } from '../../test-support/proxied.ts'

const alice = { appid: APPID, user: 'alice' }

function arrowsOf(emulator: Emulator): readonly Arrow[] {
  return emulator.conversation().arrows
}

/** `phone:1 → http://… POST /login`, with the back end's address told apart from others by a name. */
function story(emulator: Emulator, names: Record<string, string> = {}): string[] {
  const nameOf = (id: string) => names[id] ?? id
  return arrowsOf(emulator).map(({ from, to, label, part }) => {
    return part === 'note' ? `${nameOf(from)}: ${label}` : `${nameOf(from)} → ${nameOf(to)} ${label}`
  })
}

test('[F86] the tutorial’s login is told from wx.login to the 401, whoever wrote the back end', async (t) => {
  const emulator = await startForTest(t)
  const backend = await startForeign(t, emulator, TUTORIAL)
  const wx = proxiedWx(emulator)
  const { code } = await wx.login()
  await ask(wx, { url: `${backend.url}/login`, data: { code, userInfo: 'Alice' } })
  await ask(wx, { url: `${backend.url}/logs`, header: { openid: backend.tokens[0] ?? '' } })
  assert.deepEqual(story(emulator, { [backend.url]: 'backend' }), [
    'phone:1 → wechat wx.login',
    'wechat → phone:1 code ‹code 1›',
    'phone:1 → backend GET /login',
    'backend → wechat GET /sns/jscode2session',
    'wechat → backend session_key, openid',
    'backend → phone:1 200 OK',
    'phone:1 → backend GET /logs',
    'backend → phone:1 401 40101',
  ])
  const [, , , call, answer, login, next] = arrowsOf(emulator)
  assert.match(
    call?.message?.startLine ?? '',
    /secret=‹AppSecret›&js_code=‹code 1›&grant_type=authorization_code$/,
  )
  const openid = emulator.openidOf(APPID, 'alice')
  assert.equal(answer?.message?.body, `{\n  "session_key": "‹session_key 1›",\n  "openid": "${openid}"\n}`)
  assert.equal(login?.message?.body, '{\n  "user_uuid": "‹token 1›"\n}')
  assert.deepEqual(
    next?.message?.headers.find(([name]) => name === 'openid'),
    ['openid', '‹token 1›'],
  )
  const kinds = Object.fromEntries(emulator.conversation().stations.map(({ id, kind }) => [id, kind]))
  assert.deepEqual(kinds, { 'phone:1': 'mini-program', wechat: 'wechat', [backend.url]: 'server' })
})

test('[F86] a login by form, with a token header and a cookie of its own, is told and masked just so', async (t) => {
  const emulator = await startForTest(t)
  const backend = await startForeign(t, emulator, FORM)
  const wx = proxiedWx(emulator)
  const { code } = await wx.login()
  const header = { 'content-type': 'application/x-www-form-urlencoded' }
  await ask(wx, { url: `${backend.url}/login`, method: 'POST', data: { credential: code }, header })
  const [call, , , answer] = arrowsOf(emulator).slice(2)
  assert.deepEqual([call?.kind, call?.message?.body], ['wx.request', 'credential=‹code 1›'])
  const name = answer?.message?.headers.find(([one]) => one === 'X-Our-Skey')?.[1]
  assert.match(name ?? '', /^‹token \d›$/)
  assert.equal(answer?.message?.body, `ok=1&skey=${name}`)
  assert.equal(answer?.message?.headers.find(([one]) => one === 'Set-Cookie')?.[1], `sid=${name}; HttpOnly`)
})

test('[F86] which server calls WeChat is known by the code, the app and the access_token that it holds', async (t) => {
  const emulator = await startForTest(t)
  await exchange(emulator, { js_code: 'nobody knows this one' })
  const other = await startForeign(t, emulator, TUTORIAL)
  const backend = await startForeign(t, emulator, TUTORIAL)
  const wx = proxiedWx(emulator)
  for (const { url } of [other, backend])
    await ask(wx, { url: `${url}/login`, data: { code: (await wx.login()).code } })
  await fetch(`${emulator.url}/cgi-bin/token?grant_type=client_credential&appid=${APPID}&secret=x`)
  const callers = arrowsOf(emulator).filter(({ kind, part }) => kind === 'wechat' && part === 'call')
  assert.deepEqual(
    callers.map(({ from }) => from),
    ['server', other.url, backend.url, backend.url],
  )
})

test('[F86] DevTools’ mock code is no secret and tells the server all the same', async (t) => {
  const emulator = await startForTest(t)
  emulator.setSettings({ mockCodeUser: 'alice' })
  const backend = await startForeign(t, emulator, TUTORIAL)
  await ask(proxiedWx(emulator), { url: `${backend.url}/login`, data: { code: MOCK_CODE } })
  const call = arrowsOf(emulator).find(({ kind }) => kind === 'wechat')
  assert.equal(call?.from, backend.url)
  assert.match(JSON.stringify(call?.message), /the(%20|\+)code(%20|\+)is/)
})

test('[F86] a phone that names itself has its lane; others have one for user and device', async (t) => {
  const emulator = await startForTest(t)
  await control(emulator, 'POST', '/wx/login', { ...alice, device: 'tablet' })
  const headers = { 'x-yaopai-phone': 'phone:7;user=alice;device=phone' }
  await control(emulator, 'POST', '/wx/check-session', alice, headers)
  await control(emulator, 'POST', '/wx/open-data', alice)
  await control(emulator, 'POST', '/wx/phone-code', alice)
  const lanes = arrowsOf(emulator)
    .filter(({ part }) => part === 'call')
    .map(({ kind, from }) => [kind, from])
  assert.deepEqual(lanes, [
    ['wx.login', 'phone:alice/tablet'],
    ['wx.checkSession', 'phone:7'],
    ['wx.getUserInfo', 'phone:7'],
    ['wx.getPhoneNumber', 'phone:7'],
  ])
  const check = arrowsOf(emulator)[3]
  assert.deepEqual(
    [check?.outcome, check?.reason],
    ['refused', 'checkSession:fail session time out, need relogin'],
  )
})

test('[F86] what is done at the controls stands between the arrows, and so does a fault that strikes', async (t) => {
  const emulator = await startForTest(t)
  emulator.rotateSessionKey(alice)
  emulator.advanceClock(3 * 86_400 + 7200)
  emulator.expireSessionKey(alice)
  emulator.setSettings({ minuteQuotaPerUser: 5 })
  emulator.addFault({ path: PATH, times: 1, errcode: 45011 })
  await exchange(emulator, { js_code: 'x' })
  emulator.clearFaults()
  emulator.clearFaults() // there is none any more: nothing to tell
  emulator.reset()
  assert.deepEqual(story(emulator), [
    'operator: new session_key for alice',
    'operator: clock +3 d 2 h',
    'operator: session_key of alice expired',
    'operator: minuteQuotaPerUser 5',
    `operator: ${PATH}: errcode 45011`,
    'server → wechat GET /sns/jscode2session',
    'wechat: fault: errcode 45011',
    'wechat → server 45011 api minute-quota reach limit  mustslower  retry next …',
    'operator: no more faults',
    'operator: reset',
  ])
  const notes = arrowsOf(emulator).filter(({ part }) => part === 'note')
  assert.deepEqual(notes[1]?.facts, { seconds: 266_400 })
  assert.deepEqual(
    notes.map(({ action }) => action),
    [
      'session-key.rotate',
      'clock.advance',
      'session-key.expire',
      'settings.change',
      'fault.set',
      'fault.strike',
      'fault.clear',
      'reset',
    ],
  )
})

const FATES: [string, object, string, string][] = [
  ['lost', { reset: true, when: 'after' }, 'lost', 'answer lost'],
  ['cut off before', { reset: true }, 'failed', 'connection reset'],
  ['cut in the midst', { cutAfterBytes: 5 }, 'failed', 'cut after 5 bytes'],
  ['a page of a proxy', { status: 502 }, 'failed', '502'],
]

for (const [what, effect, outcome, label] of FATES) {
  test(`[F86] an answer of WeChat that is ${what} is shown as ${outcome}`, async (t) => {
    const emulator = await startForTest(t)
    const js_code = codeFor(emulator)
    emulator.addFault({ path: PATH, times: 1, ...effect })
    await exchange(emulator, { js_code }).catch(() => {})
    const answer = arrowsOf(emulator).at(-1)
    assert.deepEqual([answer?.outcome, answer?.label], [outcome, label])
  })
}

test('[F86] an answer that the phone is made to lose is shown as lost, with what it said', async (t) => {
  const emulator = await startForTest(t)
  const url = await startBackend(t, mirror)
  const wx = proxiedWx(emulator)
  wx.phone.loseNextAnswer('request')
  await ask(wx, { url })
  assert.deepEqual(
    arrowsOf(emulator).map(({ outcome }) => outcome),
    [undefined, 'lost'],
  )
  assert.match(arrowsOf(emulator)[1]?.message?.body ?? '', /"method": "GET"/)
})

test('[F86] a redirect is told step by step', async (t) => {
  const emulator = await startForTest(t)
  const url = await startBackend(t, (req, res) => {
    if (req.url === '/old') res.writeHead(302, { Location: '/new' }).end('moved')
    else res.end('arrived')
  })
  await ask(proxiedWx(emulator), { url: `${url}/old` })
  const labels = arrowsOf(emulator).map(({ label, exchange: number }) => `${number} ${label}`)
  assert.deepEqual(labels, ['1 GET /old', '1 302 Found', '2 GET /new', '2 200 OK'])
})

test('[F86] the conversation is read in pages, and cleared', async (t) => {
  const emulator = await startForTest(t)
  for (let turn = 0; turn < 3; turn += 1) emulator.login(alice)
  const page = await control(emulator, 'GET', '/conversation?after=1&limit=2')
  assert.deepEqual(
    (page.json['arrows'] as Arrow[]).map(({ seq }) => seq),
    [2, 3],
  )
  assert.deepEqual(page.json, { ...emulator.conversation({ after: 1, limit: 2 }) })
  assert.deepEqual((await control(emulator, 'GET', '/conversation?limit=0')).json['arrows'], [])
  const wrong = await control(emulator, 'GET', '/conversation?after=-1')
  assert.deepEqual([wrong.status, wrong.json['field']], [400, 'after'])
  await control(emulator, 'DELETE', '/conversation')
  assert.deepEqual(emulator.conversation(), { stations: [], arrows: [], dropped: 0 })
  emulator.login(alice)
  assert.equal(arrowsOf(emulator)[0]?.seq, 7)
})

test('[F86] only the newest 2 000 arrows are kept, and of a long body its beginning', async (t) => {
  const emulator = await startForTest(t)
  const url = await startBackend(t, (_req, res) => res.end('y'.repeat(300_000)))
  for (let turn = 0; turn < 1000; turn += 1) emulator.login(alice)
  await ask(proxiedWx(emulator), { url, method: 'POST', data: 'x'.repeat(200_000) })
  const { arrows, dropped } = emulator.conversation()
  assert.deepEqual([arrows.length, dropped, arrows[0]?.seq], [2000, 2, 3])
  const [call, answer] = arrows.slice(-2).map(({ message }) => message?.body ?? '')
  assert.match(call ?? '', /^x{65536}\n‹cut; 200000 bytes in all›$/)
  assert.match(answer ?? '', /^y{65536}\n‹cut; 300000 bytes in all›$/)
})
