import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  startMysql,
  type TestServer,
} from '../../packages/server/src/lib/store/mysql/testing/mysql-server.ts'
import { needs } from '../../tools/needs.ts'
import { type Canary, leaksIn } from '../security/canaries.ts'
import { call, login, statusOf } from './support/client.ts'
import { createRig, type Rig } from './support/rig.ts'

const PASSWORD = 'Qm7-mariadb-password-9xT'

describe('yaopai on MariaDB', needs('mariadb'), () => {
  const cleanUps: (() => unknown)[] = []
  let mysql: TestServer
  let rig: Rig

  before(async () => {
    mysql = await startMysql()
    rig = await createRig({
      after: (work) => cleanUps.push(() => Reflect.apply(Object(work), undefined, [])),
    })
  })
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp()
    await mysql.remove()
  })

  test('[F80] serve logs in, commands work beside it, all is there after a restart, and no password shows', async () => {
    const database = await mysql.createDatabase()
    await mysql.ask(
      null,
      `CREATE USER yaopai IDENTIFIED BY '${PASSWORD}'; GRANT ALL ON ${database}.* TO yaopai`,
    )
    const urlFile = join(rig.folder, 'database.url')
    await writeFile(urlFile, `mysql://yaopai:${PASSWORD}@127.0.0.1:${mysql.port}/${database}`, {
      mode: 0o600,
    })
    const env = { DATABASE_URL_FILE: urlFile, LOG_LEVEL: 'trace' }
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
    const tokens = [alice, bob, carol].map((answer) => String(answer?.body['token']))
    const [aliceToken = '', bobToken = '', carolToken = ''] = tokens
    assert.equal(await statusOf(server.publicUrl, aliceToken), 200)
    assert.equal((await call('DELETE', `${server.publicUrl}/session`, { token: carolToken })).status, 204)

    const { users } = JSON.parse(await run('users', 'list', '--json'))
    assert.equal(users.length, 3)
    await run('sessions', 'revoke', String(Object(bob?.body['session']).id))
    assert.equal(await statusOf(server.publicUrl, bobToken), 401)
    const stopped = await server.stop()
    assert.equal(stopped.exitCode, 0)

    await mysql.stop('SIGKILL')
    await mysql.start()
    const again = await rig.serve(env)
    const statuses = await Promise.all(tokens.map((token) => statusOf(again.publicUrl, token)))
    assert.deepEqual(statuses, [200, 401, 401])
    seen.push(stopped.stdout, stopped.stderr, (await call('GET', `${again.internalUrl}/metrics`)).text)
    const ended = await again.stop()
    seen.push(ended.stdout, ended.stderr)
    const canary: Canary = { name: 'database password', value: PASSWORD }
    assert.deepEqual(leaksIn(Buffer.from(seen.join('\n')), [canary]), [])
  })

  test('[F80] a database that cannot be run on ends the start with 78 and one line', async () => {
    const { exitCode, stderr } = await rig.run(['serve'], { DATABASE_URL: mysql.urlOf('nowhere') })
    assert.equal(exitCode, 78)
    assert.match(stderr, /^error: DATABASE_URL: 127\.0\.0\.1:\d+ has no database of this name: correct it/m)
  })

  test('a URL that does not fit is told by its parts, and nothing of what stands there is', async () => {
    const url = 'mysql://u:hidden-word@db.example/x?ssl-mode=maybe&poolsize=3'
    const { exitCode, stderr } = await rig.run(['config', 'print'], { DATABASE_URL: url })
    assert.equal(exitCode, 78)
    assert.match(stderr, /DATABASE_URL has the parameter ssl-mode, which must be one of DISABLED/)
    assert.match(stderr, /a parameter that is unknown; did you mean pool_size/)
    assert.doesNotMatch(stderr, /hidden-word/)
  })
})
