import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { Emulator } from '../../index.ts'
import { mirror, startBackend } from '../../test-support/backend.ts'
import { FORM, type Habits, startForeign, TUTORIAL } from '../../test-support/foreign-backend.ts'
import { APPID, control, SECRET, startForTest } from '../../test-support/kit.ts'
import { ask, proxiedWx } from '../../test-support/proxied.ts'

const alice = { appid: APPID, user: 'alice' }

const base64 = (text: string) => Buffer.from(text).toString('base64')
const percent = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
const unicode = (text: string) =>
  text.replace(/./gs, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Ways in which text travels. */
const ENCODINGS: Record<string, (text: string) => string> = {
  raw: (text) => text,
  component: encodeURIComponent,
  twice: (text) => encodeURIComponent(encodeURIComponent(text)),
  percent,
  slashes: (text) => text.replaceAll('/', '\\/'),
  unicode,
  base64,
  base64url: (text) => Buffer.from(text).toString('base64url'),
  basic: (text) => base64(`user:${text}`),
  shifted: (text) => base64(`ab${text}cd`),
  nested: (text) => encodeURIComponent(JSON.stringify({ inner: JSON.stringify({ v: text }) })),
  base64OfPercent: (text) => base64(percent(text)),
  percentOfBase64: (text) => encodeURIComponent(base64(`{"v":"${text}"}`)),
}

/** What of a base64 text is the same whatever stands around it in front of it. */
function base64Cores(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.from(`${'x'.repeat(shift)}${text}`)
      .toString('base64')
      .replaceAll('=', '')
    return encoded.slice(shift === 0 ? 0 : 4, -2)
  })
}

function* traces(secret: string): Generator<string> {
  yield* [
    secret,
    encodeURIComponent(secret),
    percent(secret),
    percent(secret).toUpperCase(),
    secret.replaceAll('/', '\\/'),
    unicode(secret),
  ]
  for (const core of base64Cores(secret)) yield* [core, core.replaceAll('+', '-').replaceAll('/', '_')]
}

/** All that anyone can read without asking for secrets. */
async function published(emulator: Emulator): Promise<string> {
  const read = async (path: string) => (await fetch(`${emulator.url}/_emulator${path}`)).text()
  const pages = await Promise.all(
    ['/conversation', '/conversation.txt', '/conversation.txt?format=mermaid'].map(read),
  )
  // A reader of JSON sees what the escapes mean.
  return [
    ...pages,
    ...emulator.conversation().arrows.map((arrow) => JSON.stringify(arrow).replaceAll('\\\\', '\\')),
  ].join('\n')
}

async function assertHidden(emulator: Emulator, secrets: readonly string[]): Promise<void> {
  const text = await published(emulator)
  for (const secret of secrets) {
    for (const trace of traces(secret)) {
      assert.equal(text.includes(trace), false, `${trace} (${secret}) stands in\n${excerpt(text, trace)}`)
    }
  }
}

function excerpt(text: string, part: string): string {
  const at = text.indexOf(part)
  return text.slice(Math.max(0, at - 200), at + 200)
}

const JSON_LOGIN = (field: string): Habits => ({
  codeFrom: (_req, body) => JSON.parse(body).code,
  answer: (res, token, session) =>
    res.end(JSON.stringify({ data: { [field]: token, key: session['session_key'] } })),
})

const HABITS: Record<string, Habits> = {
  tutorial: TUTORIAL,
  form: FORM,
  plain: { codeFrom: TUTORIAL.codeFrom, answer: (res, token) => res.end(token) },
  token: JSON_LOGIN('token'),
  skey: JSON_LOGIN('skey'),
  thirdSession: JSON_LOGIN('3rd_session'),
  odd: JSON_LOGIN('k'),
}

/** Everything that the emulator has given out or knows. */
function issuedBy(emulator: Emulator): string[] {
  const { apps = {}, codes = [], sessionKeys = [] } = emulator.exportState()
  const secrets = Object.values(apps).map(({ secret }) => secret)
  const keys = [...codes, ...sessionKeys].map(({ sessionKey }) => sessionKey)
  return [...secrets, ...codes.map(({ code }) => code), ...keys]
}

for (const [name, habits] of Object.entries(HABITS)) {
  test(`[F86] no secret is read in the conversation with a back end that logs in its own way (${name})`, async (t) => {
    const emulator = await startForTest(t)
    const backend = await startForeign(t, emulator, habits)
    const wx = proxiedWx(emulator)
    const isForm = name === 'form'
    const { code } = await wx.login()
    await ask(wx, {
      url: `${backend.url}/login`,
      method: name === 'tutorial' || name === 'plain' ? 'GET' : 'POST',
      data: isForm ? { credential: code } : { code },
      header: isForm ? { 'content-type': 'application/x-www-form-urlencoded' } : undefined,
    })
    const token = backend.tokens[0] ?? ''
    assert.ok(token.length >= 16)
    await assertHidden(emulator, [...issuedBy(emulator), token])
    for (const encode of Object.values(ENCODINGS)) {
      const data = encode(token)
      await ask(wx, {
        url: `${backend.url}/x/${encodeURIComponent(data)}?q=${encodeURIComponent(data)}`,
        header: { 'X-A': data },
      })
      await ask(wx, {
        url: `${backend.url}/x`,
        method: 'POST',
        data: { list: [data], [token]: 1 },
        header: { Authorization: token },
      })
    }
    await assertHidden(emulator, [...issuedBy(emulator), token])
  })
}

test('[F86] whatever the emulator issued is found however it is wrapped, wherever it stands', async (t) => {
  const emulator = await startForTest(t)
  const url = await startBackend(t, mirror)
  const wx = proxiedWx(emulator)
  const answer = await fetch(
    `${emulator.url}/cgi-bin/token?grant_type=client_credential&appid=${APPID}&secret=${SECRET}`,
  )
  const { access_token: accessToken } = Object(await answer.json())
  const fresh = () => {
    emulator.rotateSessionKey(alice)
    const { code } = emulator.login(alice)
    return [code, emulator.sessionKeyOf(alice) ?? '', SECRET, String(accessToken)]
  }
  const place = fc.constantFrom('path', 'query', 'header', 'json', 'text', 'form')
  const way = fc.constantFrom(...Object.keys(ENCODINGS))
  await fc.assert(
    fc.asyncProperty(
      place,
      way,
      fc.nat(3),
      fc.string({ maxLength: 8 }),
      async (where, how, which, around) => {
        emulator.clearConversation()
        const secrets = fresh()
        const wrapped = ENCODINGS[how]?.(secrets[which] ?? '') ?? ''
        const form = { 'content-type': 'application/x-www-form-urlencoded' }
        if (where === 'path') await ask(wx, { url: `${url}/${encodeURIComponent(wrapped)}` })
        if (where === 'query') await ask(wx, { url, data: { [`${around}q`]: wrapped } })
        if (where === 'header') await ask(wx, { url, header: { 'x-any': wrapped } })
        if (where === 'json') await ask(wx, { url, method: 'POST', data: { [around]: [wrapped] } })
        if (where === 'text') await ask(wx, { url, method: 'POST', data: `${wrapped} ${around}` })
        if (where === 'form')
          await ask(wx, { url, method: 'POST', data: { a: wrapped, [around]: 1 }, header: form })
        assert.equal(emulator.conversation().arrows.filter(({ kind }) => kind === 'wx.request').length, 2)
        await assertHidden(emulator, secrets)
      },
    ),
    { numRuns: 150 },
  )
})

test('[F86] what the emulator forgets stays hidden: after a reset, an expiry, a year', async (t) => {
  const emulator = await startForTest(t)
  const url = await startBackend(t, mirror)
  const secrets: string[] = []
  for (const forget of [
    () => emulator.reset(),
    () => emulator.expireSessionKey(alice),
    () => emulator.advanceClock(31_536_000),
    () => emulator.importState({ apps: { [APPID]: { secret: SECRET } } }),
  ]) {
    if (!emulator.exportState().apps?.[APPID]) emulator.putApp(APPID, { secret: SECRET })
    secrets.push(emulator.login(alice).code, emulator.sessionKeyOf(alice) ?? '')
    forget()
    if (!emulator.exportState().apps?.[APPID]) emulator.putApp(APPID, { secret: SECRET })
    emulator.login({ ...alice, user: 'bob' })
  }
  await ask(proxiedWx(emulator), { url, method: 'POST', data: { secrets } })
  await assertHidden(emulator, secrets)
})

test('[F86] one secret has one name, everywhere and for good', async (t) => {
  const emulator = await startForTest(t)
  const url = await startBackend(t, mirror)
  const wx = proxiedWx(emulator)
  const header = { Authorization: 'Bearer abcdef0123456789', Cookie: 'sid=abcdef0123456789; theme=dark1234' }
  await ask(wx, { url: `${url}/?access_token=abcdef0123456789&page=2`, header })
  emulator.clearConversation()
  await ask(wx, {
    url,
    method: 'POST',
    data: { token: 'abcdef0123456789', other: 'fedcba9876543210', password: 'hunter22' },
  })
  const [call] = emulator.conversation().arrows
  assert.equal(
    call?.message?.body,
    '{\n  "token": "‹token 1›",\n  "other": "fedcba9876543210",\n  "password": "‹password 1›"\n}',
  )
  const { json } = await control(emulator, 'GET', '/conversation/secrets')
  assert.deepEqual(json, { secrets: { '‹token 1›': 'abcdef0123456789', '‹cookie 1›': 'dark1234' } })
})

test('[F86] the values behind the names: what opens this machine alone, to this machine alone', async (t) => {
  const emulator = await startForTest(t, { taps: { server: await startBackend(t, mirror) } })
  const { code } = emulator.login(alice)
  await fetch(`${emulator.url}/sns/jscode2session?appid=${APPID}&secret=${SECRET}&js_code=${code}`)
  const headers = { authorization: 'Bearer yk1_0123456789abcdef' }
  await fetch(`${emulator.url}/_emulator/tap/server/introspect`, {
    method: 'POST',
    headers,
    body: '{"password":"hunter22"}',
  })
  const { json } = await control(emulator, 'GET', '/conversation/secrets')
  assert.deepEqual(json, {
    secrets: { '‹code 1›': code, '‹session_key 1›': emulator.sessionKeyOf(alice) },
  })
  const foreign = await control(emulator, 'GET', '/conversation/secrets', undefined, {
    origin: 'https://evil.example',
  })
  assert.equal(foreign.status, 403)
})

test('[F86] openids, ids, codes of errors and encrypted data are no secrets', async (t) => {
  const emulator = await startForTest(t)
  const openid = emulator.openidOf(APPID, 'alice')
  const data = {
    code: 'logged_out',
    token_type: 'bearer',
    tokenExpiresIn: 7200,
    errors: { token: 'is required' },
    user: { id: 'usr_0123456789abcdef', openid },
    encryptedData: 'A'.repeat(400),
    iv: 'r7BXXKkLb8qrSNn05n0qiA==',
  }
  const url = await startBackend(t, mirror)
  await ask(proxiedWx(emulator), { url, method: 'POST', data })
  const body = emulator.conversation().arrows[0]?.message?.body ?? ''
  for (const shown of [
    'logged_out',
    'bearer',
    '7200',
    'usr_0123456789abcdef',
    openid,
    'r7BXXKkLb8qrSNn05n0qiA==',
  ]) {
    assert.ok(body.includes(shown), `${shown} in ${body}`)
  }
  assert.match(body, /"A{48}…‹400 characters›"/)
})

test('[F86] a label is cut after masking, so that no half of a secret stands on an arrow', async (t) => {
  const emulator = await startForTest(t)
  const token = 'tok_0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnop'
  const url = await startBackend(t, (_req, res) => {
    res.writeHead(401).end(JSON.stringify({ error: `not good: ${token}` }))
  })
  await ask(proxiedWx(emulator), { url: `${url}/sessions/${token}`, header: { 'x-token': token } })
  const labels = emulator.conversation().arrows.map(({ label }) => label)
  assert.deepEqual(labels, ['GET /sessions/‹token 1›', '401 not good: ‹token 1›'])
})

test('[F86] passwords in addresses, signatures that open a file and what a note tells are masked', async (t) => {
  const url = await startBackend(t, (_req, res) => {
    res.end('{"put":"https://files.example/a?q-signature=0123456789abcdef0123456789abcdef"}')
  })
  const dev = await startBackend(t, (_req, res) => res.end('{}'))
  const emulator = await startForTest(t, {
    taps: { server: url.replace('//', '//shop:pass-word-77@') },
    devUrl: dev,
  })
  await fetch(`${emulator.url}/_emulator/tap/server/x`)
  await control(emulator, 'POST', '/dev/odd', { token: 'a-token-of-their-own-1234' })
  const text = await published(emulator)
  for (const secret of ['pass-word-77', '0123456789abcdef0123456789abcdef', 'a-token-of-their-own-1234'])
    assert.equal(text.includes(secret), false, excerpt(text, secret))
  assert.match(text, /shop:‹password 1›@/)
})

test('[F86] a form that is packed is not spread out byte by byte', async (t) => {
  const emulator = await startForTest(t)
  const url = await startBackend(t, mirror)
  const form = '--b\r\nContent-Disposition: form-data; name="token"\r\n\r\ntok-of-alice-12345\r\n--b--\r\n'
  const packed = gzipSync(form)
  await ask(proxiedWx(emulator), {
    url,
    method: 'POST',
    header: { 'content-type': 'multipart/form-data; boundary=b', 'content-encoding': 'gzip' },
    data: new Uint8Array(packed).buffer,
  })
  const call = emulator
    .conversation()
    .arrows.find(({ kind, part }) => kind === 'wx.request' && part === 'call')
  assert.match(call?.message?.body ?? '', /‹token \d+›|^‹\d+ bytes of multipart/)
})
