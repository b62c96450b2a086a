import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { after, before, describe, type TestContext, test } from 'node:test'
import { needs } from '../../../../tools/needs.ts'
import { Secret } from '../lib/secret.ts'
import { firstLogin } from '../lib/store/contract/samples.ts'
import { startMysql, type TestServer } from '../lib/store/mysql/testing/mysql-server.ts'
import { UnsuitableDatabaseError } from '../lib/store/sql/faults.ts'
import { openMysql } from './open-mysql.ts'

const PASSWORD = 'p@ss/word:%'

async function assertRefused(url: string, message: RegExp): Promise<void> {
  await assert.rejects(openMysql(new Secret(url), {}), (error) => {
    assert.ok(error instanceof UnsuitableDatabaseError, String(error))
    assert.equal(error.exitCode, 78)
    assert.match(error.message, message)
    assert.ok(!error.message.includes('\n'), 'one line')
    for (const form of [PASSWORD, encodeURIComponent(PASSWORD)]) assert.ok(!error.message.includes(form))
    return true
  })
}

describe('a mysql:// URL that names a MariaDB', needs('mariadb'), () => {
  let server: TestServer
  before(async () => {
    server = await startMysql()
  })
  after(() => server.remove())

  /** The URL of a new database for a new user who has these rights there. */
  async function urlFor(rights: string): Promise<{ database: string; url: string }> {
    const database = await server.createDatabase()
    const user = `user_of_${database}`
    await server.ask(null, `CREATE USER ${user} IDENTIFIED BY '${PASSWORD}'`)
    if (rights !== '') await server.ask(null, `GRANT ${rights} ON ${database}.* TO ${user}`)
    const url = `mysql://${user}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${server.port}/${database}`
    return { database, url }
  }

  const RIGHTS = 'SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX'

  test('opens with the rights that the refusals name, and afterwards without those that make tables', async () => {
    const { database, url } = await urlFor(RIGHTS)
    const store = await openMysql(new Secret(url), {})
    assert.equal(await store.recordLogin(firstLogin(1)), 'recorded')
    await store.close()
    await server.ask(null, `REVOKE CREATE, ALTER, DROP, INDEX ON ${database}.* FROM user_of_${database}`)
    const again = await openMysql(new Secret(`${url}?pool_size=2`), {})
    assert.equal(await again.recordLogin(firstLogin(2)), 'recorded')
    await again.close()
  })

  test('a wrong password, a database that is not there, and missing rights are told with the cure', async () => {
    const { url } = await urlFor(RIGHTS)
    const at = `127\\.0\\.0\\.1:${server.port}`
    const wrong = url.replace(encodeURIComponent(PASSWORD), 'wrong')
    await assertRefused(
      wrong,
      new RegExp(`^DATABASE_URL: ${at} refuses the user or the password: correct them`),
    )
    await assertRefused(server.urlOf('nowhere'), /has no database of this name: .*CREATE DATABASE/)
    await assertRefused(
      url.replace(/\/\w+$/, '/mysql'),
      /rights to Yaopai's tables: .*GRANT SELECT.*correct the name of the database/,
    )
    await assertRefused((await urlFor('SELECT, INSERT, UPDATE, DELETE')).url, /rights.*GRANT SELECT/)
    await assertRefused((await urlFor('CREATE, SELECT, INSERT')).url, /rights.*GRANT SELECT/)
  })

  test('a server that only reads is not the one, also where all tables are there', async (t) => {
    const { url } = await urlFor(RIGHTS)
    await (await openMysql(new Secret(url), {})).close()
    t.after(() => server.ask(null, 'SET GLOBAL read_only = 0'))
    await server.ask(null, 'SET GLOBAL read_only = 1')
    await assertRefused(url, /only reads: name the primary/)
  })

  test('TLS that the server does not have is not done without', async () => {
    const { url } = await urlFor(RIGHTS)
    await assertRefused(`${url}?ssl-mode=REQUIRED`, /has no TLS, which ssl-mode asks for/)
    await assertRefused(`${url}?ssl-ca=/no/such/file.pem`, /ssl-ca a file that cannot be read/)
  })
})

describe('a mysql:// URL that names something else', () => {
  /** What listens and greets like that. */
  async function listening(t: TestContext, greet: (socket: Socket) => void): Promise<string> {
    const sockets = new Set<Socket>()
    const server: Server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined))
      greet(socket)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    return `mysql://me:${encodeURIComponent(PASSWORD)}@127.0.0.1:${(server.address() as AddressInfo).port}/book`
  }

  test('nothing there, and a host that is unknown', async () => {
    const url = `mysql://me:${encodeURIComponent(PASSWORD)}@127.0.0.1:1/book`
    await assertRefused(url, /^DATABASE_URL: nothing listens at 127\.0\.0\.1:1: start MySQL or MariaDB there/)
    await assertRefused('mysql://me@no-such-host.invalid/book', /there is no host|cannot be looked up/)
  })

  test('a server that waits for its client to speak first, as HTTP, PostgreSQL and Redis do', async (t) => {
    await assertRefused(await listening(t, () => undefined), /what answers at .* is not MySQL/)
  })

  test('a server of another protocol that speaks first', async (t) => {
    const url = await listening(t, (socket) => socket.write('SSH-2.0-OpenSSH_9.2p1\r\n'))
    await assertRefused(url, /what answers at .* is not MySQL/)
  })

  test('a server that hangs up', async (t) => {
    await assertRefused(await listening(t, (socket) => socket.end()), /is not MySQL/)
  })
})
