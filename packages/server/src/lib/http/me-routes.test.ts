import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  endedShape,
  eventPageShape,
  exportShape,
  ownSessionsShape,
  problemShape,
  userShape,
} from './answer-schemas.ts'
import { type Desk, openDesk } from './testing/desk.ts'

async function sessionsOf(desk: Desk, token: string) {
  return ownSessionsShape.parse(await (await desk.publicly('/me/sessions', { token })).json()).sessions
}

test('a user changes nickname and picture, and empties them', async () => {
  const desk = openDesk()
  const { token } = await desk.login('alice-1')
  const patch = async (json: unknown) => {
    const response = await desk.publicly('/me', { method: 'PATCH', token, json })
    return userShape.parse(await response.json())
  }
  assert.equal((await patch({ nickname: '小明 🐼' })).nickname, '小明 🐼')
  assert.equal((await patch({ avatarUrl: 'https://a.test/1.png' })).avatarUrl, 'https://a.test/1.png')
  assert.equal((await patch({ nickname: '微信用户' })).nickname, null)
  assert.equal((await patch({ avatarUrl: null })).avatarUrl, null)
  const me = userShape.parse(await (await desk.publicly('/me', { token })).json())
  assert.deepEqual([me.nickname, me.avatarUrl], [null, null])
})

test('a profile has bounds, and a misfit names its field', async () => {
  const desk = openDesk()
  const { token } = await desk.login('alice-1')
  const bad: [object, string][] = [
    [{}, 'body'],
    [{ nickname: 'x'.repeat(65) }, 'nickname'],
    [{ nickname: 'a\u0000b' }, 'nickname'],
    [{ nickname: 1 }, 'nickname'],
    [{ avatarUrl: 'http://a.test/1.png' }, 'avatarUrl'],
    [{ avatarUrl: 'javascript:alert(1)' }, 'avatarUrl'],
    [{ avatarUrl: `https://a.test/${'x'.repeat(1024)}` }, 'avatarUrl'],
    [{ avatarUrl: 'https://' }, 'avatarUrl'],
    [{ phone: '+8613800000000' }, 'phone'],
  ]
  for (const [json, field] of bad) {
    const response = await desk.publicly('/me', { method: 'PATCH', token, json })
    assert.equal(response.status, 400, JSON.stringify(json))
    assert.equal(problemShape.parse(await response.json()).field, field)
  }
})

test('wx.request knows no PATCH, so POST changes a profile too, under the same limit', async () => {
  const desk = openDesk()
  const { token } = await desk.login('alice-1')
  const change = (method: string, json: object) => desk.publicly('/me', { method, token, json })
  const changed = await change('POST', { nickname: '小明' })
  assert.deepEqual([changed.status, userShape.parse(await changed.json()).nickname], [200, '小明'])
  assert.equal((await change('POST', {})).status, 400)
  for (let count = 0; count < 29; count += 1) await change(count % 2 ? 'POST' : 'PATCH', { nickname: 'x' })
  assert.equal((await change('POST', { nickname: 'x' })).status, 429)
})

test('a picture of this machine comes over plain http only where WeChat is the emulator', async () => {
  const here = ['http://127.0.0.1:8790/avatars/a', 'http://localhost:8790/avatars/a', 'http://127.0.0.1/a']
  const elsewhere = [
    'http://127.0.0.1.a.test/1.png',
    'http://localhost.a.test/1.png',
    'http://localhost@a.test/1.png',
    'http://127.0.0.1:80@a.test/1.png',
    'http://10.0.0.1/1.png',
    'http://127.0.0.1:8790',
    'http://127.0.0.1:99999/a',
    'HTTP://127.0.0.1/a',
  ]
  const statuses = async (insecureEmulator: boolean, urls: string[]) => {
    const desk = openDesk({ insecureEmulator })
    const { token } = await desk.login('alice-1')
    const change = (avatarUrl: string) =>
      desk.publicly('/me', { method: 'PATCH', token, json: { avatarUrl } })
    const answers = await Promise.all(urls.map(change))
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      assert.equal(problemShape.parse(await answer.json()).field, 'avatarUrl')
    }
    return answers.map(({ status }) => status)
  }
  assert.deepEqual(await statuses(true, here), [200, 200, 200])
  assert.deepEqual(await statuses(false, here), [400, 400, 400])
  assert.deepEqual(new Set(await statuses(true, elsewhere)), new Set([400]))
})

test('[F24] a user sees the own devices, ends one, and ends all others', async () => {
  const desk = openDesk()
  const logins = []
  for (const index of [1, 2, 3, 4]) {
    logins.push(await desk.login(`alice-${index}`, { device: { id: `d${index}`, model: `M${index}` } }))
    desk.clock.advanceSeconds(1)
  }
  const [first, second, , last] = logins
  assert.ok(first && second && last)
  const shown = await sessionsOf(desk, last.token)
  assert.deepEqual(
    shown.map(({ device, isCurrent }) => [device.model, isCurrent]),
    [
      ['M4', true],
      ['M3', false],
      ['M2', false],
      ['M1', false],
    ],
  )
  const ended = await desk.publicly(`/me/sessions/${first.session.id}`, {
    method: 'DELETE',
    token: last.token,
  })
  assert.equal(ended.status, 204)
  const dead = await desk.publicly('/session', { token: first.token })
  assert.equal(problemShape.parse(await dead.json()).code, 'revoked_by_user')
  const others = await desk.publicly('/me/sessions', { method: 'DELETE', token: last.token })
  assert.deepEqual(endedShape.parse(await others.json()), { ended: 2 })
  assert.equal((await desk.publicly('/session', { token: second.token })).status, 401)
  assert.equal((await sessionsOf(desk, last.token)).length, 1)
})

test("[T21] nobody sees or ends another's sessions, whatever id they name", async () => {
  const desk = openDesk()
  const people = ['alice', 'bob', 'eve']
  const logins = await Promise.all(people.map((who) => desk.login(`${who}-1`)))
  for (const attacker of logins) {
    for (const victim of logins.filter((login) => login !== attacker)) {
      const path = `/me/sessions/${victim.session.id}`
      const response = await desk.publicly(path, { method: 'DELETE', token: attacker.token })
      assert.equal(problemShape.parse(await response.json()).code, 'not_found')
      const shown = await sessionsOf(desk, attacker.token)
      assert.ok(shown.every(({ id }) => id === attacker.session.id))
      assert.equal((await desk.publicly('/session', { token: victim.token })).status, 200)
    }
  }
  const [alice] = logins
  assert.ok(alice)
  for (const id of ['ses_', 'ses_ffffffffffffff', 'SES_00000000000000', alice.user.id, '1', '*']) {
    const response = await desk.publicly(`/me/sessions/${id}`, { method: 'DELETE', token: alice.token })
    assert.equal(response.status, 404, id)
  }
})

test('own history is paged, newest first', async () => {
  const desk = openDesk()
  let token = ''
  for (let index = 0; index < 5; index += 1) {
    token = (await desk.login(`alice-${index}`)).token
    desk.clock.advanceSeconds(1)
  }
  const all = eventPageShape.parse(await (await desk.publicly('/me/events', { token })).json())
  assert.equal(all.next, null)
  const paged = []
  let query = '?limit=2'
  for (;;) {
    const page = eventPageShape.parse(await (await desk.publicly(`/me/events${query}`, { token })).json())
    paged.push(...page.events)
    if (page.next === null) break
    query = `?limit=2&before=${page.next}`
  }
  assert.deepEqual(paged, all.events)
  assert.ok(all.events.length >= 7)
  for (const bad of [
    'limit=0',
    'limit=101',
    'limit=1e1',
    'limit=',
    'before=x',
    'limit=1&limit=2',
    'page=1',
  ]) {
    assert.equal((await desk.publicly(`/me/events?${bad}`, { token })).status, 400, bad)
  }
})

test('own data is exported whole, without openid and keys', async () => {
  const desk = openDesk()
  const { token, user } = await desk.login('alice-1')
  const response = await desk.publicly('/me/export', { token })
  const text = await response.text()
  const data = exportShape.parse(JSON.parse(text))
  assert.equal(data.user.id, user.id)
  assert.deepEqual([data.identities.length, data.sessions.length], [1, 1])
  assert.ok(data.events.some(({ type }) => type === 'login.succeeded'))
  assert.doesNotMatch(text, /openid|unionid|keyRing|tokenHash/i)
})

test('an account is closed by a fresh login alone; who comes back is a new user', async () => {
  const desk = openDesk()
  const old = await desk.login('alice-1')
  desk.clock.advanceSeconds(301)
  const late = await desk.publicly('/me', { method: 'DELETE', token: old.token })
  assert.equal(late.status, 403)
  assert.match(
    late.headers.get('www-authenticate') ?? '',
    /yaopai_code="reauth_required", yaopai_class="relogin"/,
  )
  const fresh = await desk.login('alice-2')
  assert.equal((await desk.publicly('/me', { method: 'DELETE', token: fresh.token })).status, 204)
  const gone = await desk.publicly('/me', { token: fresh.token })
  assert.equal(problemShape.parse(await gone.json()).code, 'user_deleted')
  const again = await desk.login('alice-3')
  assert.equal(again.isNew, true)
  assert.notEqual(again.user.id, old.user.id)
})

test('[T12] one session changes its profile 30 times a minute, and takes six exports', async () => {
  const desk = openDesk()
  const [alice, bob] = [await desk.login('alice-1'), await desk.login('bob-1')]
  const patch = (token: string) => desk.publicly('/me', { method: 'PATCH', token, json: { nickname: 'x' } })
  const take = (token: string) => desk.publicly('/me/export', { token })
  for (const [ask, times] of [
    [patch, 30],
    [take, 6],
  ] as const) {
    for (let index = 0; index < times; index += 1) assert.equal((await ask(alice.token)).status, 200)
    const refused = await ask(alice.token)
    assert.equal(refused.status, 429)
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    assert.equal((await ask(bob.token)).status, 200)
  }
})
