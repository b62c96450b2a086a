import assert from 'node:assert/strict'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { after, before, describe, test } from 'node:test'
import { call, login, statusOf } from './support/client.ts'
import type { ServeProcess } from './support/processes.ts'
import { createRig, type Rig } from './support/rig.ts'

describe('commands beside a running server', () => {
  const cleanUps: (() => unknown)[] = []
  let rig: Rig
  let server: ServeProcess

  before(async () => {
    rig = await createRig({
      after: (work) => cleanUps.push(() => Reflect.apply(Object(work), undefined, [])),
    })
    server = await rig.serve()
  })
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp()
  })

  async function loggedIn(user: string): Promise<{ token: string; userId: string; sessionId: string }> {
    const { body, text } = await login(server.publicUrl, rig.code(user))
    const { id: userId } = Object(body['user'])
    const { id: sessionId } = Object(body['session'])
    assert.ok(userId, text)
    return { token: String(body['token']), userId, sessionId }
  }

  async function json(...args: string[]) {
    const { exitCode, stdout, stderr } = await rig.run([...args, '--json'])
    assert.equal(exitCode, 0, stderr)
    assert.equal(stderr, '')
    return JSON.parse(stdout)
  }

  async function refusalOf(token: string): Promise<unknown> {
    const { body, headers, status } = await call('GET', `${server.publicUrl}/session`, { token })
    if (status !== 200) assert.ok(headers.get('www-authenticate')?.includes(String(body['code'])))
    return status === 200 ? null : body['code']
  }

  test('[F22] sessions revoke ends one session at once, and its holder is told why', async () => {
    const [first, second] = [await loggedIn('alice'), await loggedIn('alice')]
    assert.deepEqual(await json('sessions', 'revoke', first.sessionId), { ended: 1 })
    assert.equal(await refusalOf(first.token), 'revoked_by_admin')
    assert.equal(await refusalOf(second.token), null)
    const again = await rig.run(['sessions', 'revoke', first.sessionId])
    assert.equal(again.exitCode, 1)
    assert.match(again.stderr, /There is no living session/)
  })

  test('[F23] sessions revoke --user ends all of a user, and of nobody else', async () => {
    const [one, two, other] = [await loggedIn('bob'), await loggedIn('bob'), await loggedIn('carol')]
    const { sessions } = await json('sessions', 'list', one.userId)
    assert.deepEqual(
      sessions.map(({ id }: { id: string }) => id),
      [two.sessionId, one.sessionId],
    )
    assert.deepEqual(await json('sessions', 'revoke', '--user', one.userId), { ended: 2 })
    assert.deepEqual(
      [await refusalOf(one.token), await refusalOf(two.token)],
      ['revoked_by_admin', 'revoked_by_admin'],
    )
    assert.equal(await refusalOf(other.token), null)
  })

  test('sessions revoke --all asks, and refuses where nobody can be asked', async () => {
    const { token } = await loggedIn('dave')
    const unasked = await rig.run(['sessions', 'revoke', '--all'])
    assert.equal(unasked.exitCode, 2)
    assert.match(unasked.stderr, /add --yes/)
    assert.equal(await refusalOf(token), null)
    const { ended } = await json('sessions', 'revoke', '--all', '--yes')
    assert.ok(ended >= 1)
    assert.equal(await refusalOf(token), 'revoked_by_admin')
  })

  test('[F26] users ban shuts a user out at once, unban lets the living token in again', async () => {
    const { token, userId } = await loggedIn('erin')
    assert.deepEqual(await json('users', 'ban', userId), { userId, banned: true })
    assert.equal(await refusalOf(token), 'banned')
    assert.equal((await login(server.publicUrl, rig.code('erin'))).body['code'], 'banned')
    assert.notEqual((await json('users', 'show', userId)).user.bannedAt, null)
    const told = async (...args: string[]) => (await rig.run(['users', ...args])).stdout
    assert.match(await told('list'), new RegExp(`^${userId} +- +\\S+ +banned since \\d{4}-`, 'm'))
    assert.match(await told('show', userId), /^nickname +-\n(.*\n)*state +banned since \d{4}-/m)
    await json('users', 'unban', userId)
    assert.match(await told('show', userId), /^state +active$/m)
    assert.equal(await refusalOf(token), null)
  })

  test('users list finds by nickname and pages; names from strangers cannot move the cursor', async () => {
    const { token, userId } = await loggedIn('frank')
    await call('PATCH', `${server.publicUrl}/me`, { token, json: { nickname: '小明 F' } })
    const { users } = await json('users', 'list', '--search', '小明')
    assert.deepEqual(
      users.map(({ id }: { id: string }) => id),
      [userId],
    )
    const page = await json('users', 'list', '--limit', '1')
    const next = await json('users', 'list', '--limit', '1', '--before', page.users[0].id)
    assert.notEqual(next.users[0].id, page.users[0].id)
    const { stdout } = await rig.run(['users', 'list'])
    assert.match(stdout, /^user +nickname +since +state\n/)
    assert.ok(!stdout.includes('\u001b'), 'no colours where no terminal is')
  })

  test('backup copies while the server serves, and a server runs on the copy elsewhere', async () => {
    const { token } = await loggedIn('grace')
    const copy = join(rig.folder, 'copy', 'book.db')
    await mkdir(join(rig.folder, 'copy'))
    const { exitCode, stdout, stderr } = await rig.run(['backup', copy])
    assert.equal(exitCode, 0, stderr)
    assert.match(stderr, /Copying/)
    assert.match(stdout, /book\.db +\d+\.\d MiB, checked and on disk/)
    if (process.platform !== 'win32') assert.equal((await stat(copy)).mode & 0o077, 0)
    const restored = await rig.serve({ DATABASE_URL: `file:${copy}` })
    assert.equal(await statusOf(restored.publicUrl, token), 200)
    assert.equal(await statusOf(server.publicUrl, token), 200)
    await restored.stop()
    const again = await rig.run(['backup', copy])
    assert.equal(again.exitCode, 1)
    assert.match(again.stderr, /is there already/)
    const nowhere = await rig.run(['backup', join(rig.folder, 'misspelt', 'book.db')])
    assert.equal(nowhere.exitCode, 1)
    assert.match(nowhere.stderr, /There is no folder .*misspelt: make it first/)
  })

  test('what is no id, no command or no database is said with its exit code', async () => {
    const cases: [args: string[], exitCode: number, message: RegExp, env?: Record<string, string>][] = [
      [['users', 'show', 'alice'], 2, /is no user id/],
      [['users', 'show', 'usr_0000000000000000'], 1, /There is no user/],
      [['sessions', 'revoke'], 2, /Give one of/],
      [['sessions', 'revoke', 'ses_1'], 2, /is no session id: it is ses_ and 14 hexadecimal digits/],
      [['sessions', 'revoke', 'ses_ffffffffffffff'], 1, /There is no living session/],
      [['serve', '--port', '80'], 2, /unknown option '--port'\n.*PORT=80 yaopai serve/],
      [['sesions'], 2, /Did you mean sessions/],
      [['users', 'list', '--limit', 'many'], 2, /from 1 to 1000/],
      [['users', 'list'], 78, /There is no database/, { DATABASE_URL: 'file:nowhere.db' }],
      [
        ['serve'],
        78,
        /a file stands where .*DATABASE_URL/,
        { DATABASE_URL: `file:${process.execPath}/y.db` },
      ],
      [['users', 'list'], 78, /DATABASE_URL/, { DATABASE_URL: 'mysql://x' }],
    ]
    for (const [args, exitCode, message, env] of cases) {
      const ended = await rig.run(args, env)
      assert.equal(ended.exitCode, exitCode, `${args.join(' ')}: ${ended.stderr}`)
      assert.match(ended.stderr, message)
      assert.equal(ended.stdout, '')
    }
  })

  test('a reader that goes before all is said gets no stack trace, and the command ends well', async () => {
    for (const args of [['users', 'list', '--json'], ['--help']]) {
      const { exitCode, stderr } = await rig.run(args, {}, { isReaderGone: true })
      assert.equal(stderr, '')
      assert.equal(exitCode, 0)
    }
  })

  test('dev says in one sentence how to take another port for the emulator', async () => {
    const port = new URL(rig.emulator.url).port
    const { exitCode, stderr } = await rig.run(['dev', '--emulator-port', port])
    assert.equal(exitCode, 78)
    assert.match(
      stderr,
      new RegExp(`^error: The emulator's port ${port} is taken: .*EMULATOR_PORT or --emulator-port`),
    )
    assert.ok(!/--port\b/.test(stderr) && stderr.trim().split('\n').length === 1, stderr)
  })

  test('dev says where it cannot keep its keys', async (t) => {
    const own = await createRig(t)
    await writeFile(join(own.folder, '.yaopai'), 'a file')
    const { exitCode, stderr } = await own.run(['dev', '--emulator-port', '0'])
    assert.equal(exitCode, 78)
    assert.match(
      stderr,
      /^error: The keys cannot be kept in .*\.yaopai, a file stands where a folder is needed/,
    )
  })

  test('a damaged database is exit 65', async () => {
    const file = join(rig.folder, 'damaged.db')
    await writeFile(file, 'this was a database once, and now it is not one any more'.repeat(100))
    const { exitCode, stderr } = await rig.run(['serve'], { DATABASE_URL: `file:${file}` })
    assert.equal(exitCode, 65, stderr)
    assert.match(stderr, /is damaged: .*backup/)
  })
})

test('keys new --master says what a change of keys under load begins with: the new key stands behind', async (t) => {
  const rig = await createRig(t)
  const { exitCode, stdout, stderr } = await rig.run(['keys', 'new', '--master'])
  assert.equal(exitCode, 0)
  assert.match(stdout, /^k\d{8}:\S{44}\n$/)
  assert.match(stderr, /put it behind, and first only when every node knows it: docs\/guide\/keys\.md/)
})

test('dev makes its keys once, for their owner alone, and serves an app of the team over an emulator', async (t) => {
  const rig = await createRig(t)
  const own = {
    WECHAT_APPID: 'wx00000000000000aa',
    WECHAT_SECRET: '',
    WECHAT_API_BASE: '',
    YAOPAI_INSECURE_EMULATOR: '',
  }
  const env = { ...own, YAOPAI_MASTER_KEY: '', YAOPAI_API_KEYS: '' }
  const args = ['--emulator-port', '0']
  const server = await rig.serve(env, args, 'dev')
  const [, emulatorUrl] = /emulator +(http\S+)/.exec(server.output.stderr) ?? []
  const wx = await call('POST', `${emulatorUrl}/_emulator/wx/login`, {
    json: { appid: own.WECHAT_APPID, user: 'alice' },
  })
  const { body } = await login(server.publicUrl, String(wx.body['code']))
  assert.match(String(body['token']), /^yp1_/)
  assert.equal((await call('POST', `${emulatorUrl}/_emulator/reset`, { json: {} })).status, 200)
  const afterReset = await call('POST', `${emulatorUrl}/_emulator/wx/login`, {
    json: { appid: own.WECHAT_APPID, user: 'alice' },
  })
  assert.ok(afterReset.body['code'], afterReset.text)
  const keys = await readFile(join(rig.folder, '.yaopai', 'master.key'), 'utf8')
  assert.equal(await readFile(join(rig.folder, '.yaopai', '.gitignore'), 'utf8'), '*\n')
  if (process.platform !== 'win32') {
    assert.equal((await stat(join(rig.folder, '.yaopai'))).mode & 0o777, 0o700)
    assert.equal((await stat(join(rig.folder, '.yaopai', 'master.key'))).mode & 0o777, 0o600)
  }
  assert.equal((await server.stop()).exitCode, 0)
  const again = await rig.serve(env, args, 'dev')
  assert.equal(await statusOf(again.publicUrl, String(body['token'])), 200)
  assert.equal(await readFile(join(rig.folder, '.yaopai', 'master.key'), 'utf8'), keys)
})
