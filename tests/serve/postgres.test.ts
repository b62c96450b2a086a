import assert from 'node:assert/strict'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  startPostgres,
  type TestServer,
} from '../../packages/server/src/lib/store/postgres/testing/postgres-server.ts'
import { needs } from '../../tools/needs.ts'
import { type Canary, leaksIn } from '../security/canaries.ts'
import { call, login, statusOf } from './support/client.ts'
import { createRig, type Rig } from './support/rig.ts'

describe('yaopai on PostgreSQL', needs('postgresql'), () => {
  const cleanUps: (() => unknown)[] = []
  let postgres: TestServer
  let rig: Rig
  let passFile: string

  before(async () => {
    postgres = await startPostgres()
    rig = await createRig({
      after: (work) => cleanUps.push(() => Reflect.apply(Object(work), undefined, [])),
    })
    passFile = join(rig.folder, 'pgpass')
    await writeFile(passFile, `127.0.0.1:${postgres.port}:*:yaopai:${postgres.password}\n`)
    await chmod(passFile, 0o600)
  })
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp()
    await postgres.remove()
  })

  test('[F80] serve logs in, commands work beside it, all is there after a restart, and no password shows', async () => {
    const databaseUrlFile = join(rig.folder, 'database.url')
    await writeFile(databaseUrlFile, postgres.url(await postgres.createDatabase()), { mode: 0o600 })
    const env = { DATABASE_URL_FILE: databaseUrlFile, LOG_LEVEL: 'trace' }
    const seen: string[] = []
    const run = async (...args: string[]) => {
      const { exitCode, stdout, stderr } = await rig.run(args, env)
      seen.push(stdout, stderr)
      assert.equal(exitCode, 0, stderr)
      return stdout
    }

    const server = await rig.serve(env)
    const [alice, bob, carol] = await Promise.all(
      ['alice', 'bob', 'carol'].map((user) => login(server.publicUrl, rig.code(user))),
    )
    assert.deepEqual([alice?.status, bob?.status, carol?.status], [200, 200, 200])
    const [aliceToken = '', bobToken = '', carolToken = ''] = [alice, bob, carol].map((answer) =>
      String(answer?.body['token']),
    )
    assert.equal(await statusOf(server.publicUrl, aliceToken), 200)
    assert.equal((await call('DELETE', `${server.publicUrl}/session`, { token: carolToken })).status, 204)

    const { users } = JSON.parse(await run('users', 'list', '--json'))
    assert.equal(users.length, 3)
    await run('sessions', 'revoke', String(Object(bob?.body['session']).id))
    assert.equal(await statusOf(server.publicUrl, bobToken), 401)
    assert.match(
      await run('config', 'print'),
      /^databaseUrl +postgres:\/\/127\.0\.0\.1:\d+\/book_1 +\S*database\.url$/m,
    )
    const stopped = await server.stop()
    assert.equal(stopped.exitCode, 0)

    const again = await rig.serve(env)
    assert.deepEqual(
      await Promise.all([aliceToken, bobToken, carolToken].map((token) => statusOf(again.publicUrl, token))),
      [200, 401, 401],
    )
    seen.push(stopped.stdout, stopped.stderr, (await call('GET', `${again.internalUrl}/metrics`)).text)
    const ended = await again.stop()
    seen.push(ended.stdout, ended.stderr)
    const canary: Canary = { name: 'database password', value: postgres.password }
    assert.deepEqual(leaksIn(Buffer.from(seen.join('\n')), [canary]), [])
  })

  test('[F80] the password may come from PGPASSFILE, and the URL from where the configuration file points', async () => {
    const url = `postgres://yaopai@127.0.0.1:${postgres.port}/${await postgres.createDatabase()}`
    await writeFile(join(rig.folder, 'shop.json'), JSON.stringify({ databaseUrl: { env: 'SHOP_DB' } }))
    const env = { YAOPAI_CONFIG: 'shop.json', SHOP_DB: url, PGPASSFILE: passFile }
    const { exitCode, stdout, stderr } = await rig.run(['users', 'list', '--json'], env)
    assert.equal(exitCode, 0, stderr)
    assert.deepEqual(JSON.parse(stdout), { users: [] })
  })

  test('[F80] a database that cannot be run on ends the start with 78 and one line that has no password', async () => {
    const { exitCode, stdout, stderr } = await rig.run(['serve'], { DATABASE_URL: postgres.url('nowhere') })
    assert.equal(exitCode, 78)
    assert.match(stderr, /^error: DATABASE_URL: 127\.0\.0\.1:\d+ has no database of this name: correct it/m)
    assert.ok(!(stdout + stderr).includes(postgres.password))
  })

  test('a URL that does not fit is told by its parts, and nothing of what stands there is', async () => {
    const url = 'postgres://u:hidden-word@db.example/x?sslmode=maybe&options=-c%20fsync%3Doff&poolsize=3'
    const { exitCode, stderr } = await rig.run(['config', 'print'], { DATABASE_URL: url })
    assert.equal(exitCode, 78)
    assert.match(stderr, /DATABASE_URL has the parameter sslmode, which must be one of disable, prefer/)
    assert.match(stderr, /DATABASE_URL has the parameter options, which would change/)
    assert.match(stderr, /a parameter that is unknown, poolsize; did you mean pool_size/)
    assert.doesNotMatch(stderr, /hidden-word|fsync/)
  })
})
