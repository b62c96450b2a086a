import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, type TestContext, test } from 'node:test'
import { needs } from '../../../../tools/needs.ts'
import { startPostgres, type TestServer } from '../../../../tools/postgres-server.ts'
import { StoreUnavailableError } from '../lib/errors.ts'
import { Secret } from '../lib/secret.ts'
import { firstLogin, sampleSelector } from '../lib/store/contract/samples.ts'
import { DatabaseError } from '../lib/store/database-error.ts'
import type { Store } from '../lib/store/store.ts'
import { openPostgres } from './open-postgres.ts'

const PASSWORD = 'hidden-word'

describe('a PostgreSQL that cannot be run on', needs('postgresql'), () => {
  let server: TestServer
  before(async () => {
    server = await startPostgres()
  })
  after(() => server.remove())

  async function open(t: TestContext, url: string): Promise<Store> {
    const store = await openPostgres(new Secret(url), {})
    t.after(() => store.close())
    return store
  }

  async function assertRefused(url: string, message: RegExp): Promise<void> {
    await assert.rejects(openPostgres(new Secret(url), {}), (error) => {
      assert.ok(error instanceof DatabaseError, String(error))
      assert.equal(error.exitCode, 78)
      assert.match(error.message, message)
      assert.doesNotMatch(error.message, new RegExp(`\n|${PASSWORD}|${server.password}`))
      return true
    })
  }

  async function listening(t: TestContext, own: Server): Promise<number> {
    t.after(() => own.close())
    await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve))
    return (own.address() as AddressInfo).port
  }

  test('[R15] a wrong password, none at all, a user and a database that are not there', async () => {
    const at = `127.0.0.1:${server.port}`
    await assertRefused(`postgres://yaopai:${PASSWORD}@${at}/postgres`, /refuses the user or the password/)
    await assertRefused(`postgres://nobody:${PASSWORD}@${at}/postgres`, /refuses the user or the password/)
    await assertRefused(server.url('nowhere'), /has no database of this name/)
    await assertRefused(`postgres://yaopai@${at}/postgres`, /asks for a password|refuses the user/)
    await assertRefused(server.url('postgres', '?sslmode=require'), /has no TLS, which sslmode asks for/)
    await assertRefused(
      server.url('postgres', '?sslrootcert=/nowhere.pem'),
      /sslrootcert a file that cannot be read/,
    )
  })

  test('an unknown host, and a port at which nothing listens, are waited for a while', async () => {
    await Promise.all([
      assertRefused(
        `postgres://u:${PASSWORD}@nowhere.invalid/x`,
        /no host nowhere\.invalid|cannot be looked up/,
      ),
      assertRefused(
        `postgres://u:${PASSWORD}@127.0.0.1:9/x`,
        /nothing listens at 127\.0\.0\.1:9: start PostgreSQL/,
      ),
    ])
  })

  test('another product behind the port is told as such', async (t) => {
    const http = await listening(
      t,
      createHttpServer((_, response) => response.end('hello')),
    )
    const mariadb = await listening(t, createServer(greetAsMariadb))
    await Promise.all(
      [http, mariadb].flatMap((port) => [
        assertRefused(`postgres://u:${PASSWORD}@127.0.0.1:${port}/x`, /is not PostgreSQL: correct the host/),
        assertRefused(`postgres://u:${PASSWORD}@127.0.0.1:${port}/x?sslmode=disable`, /is not PostgreSQL/),
      ]),
    )
  })

  test('one that is still starting is waited for, and one that only accepts later is used', async (t) => {
    const url = server.url(await server.createDatabase())
    await server.stop()
    const opening = open(t, url)
    await server.start()
    await (await opening).check()
  })

  test('a database that only reads, and a standby', async (t) => {
    const database = await server.createDatabase()
    await server.ask('postgres', `ALTER DATABASE ${database} SET default_transaction_read_only = on`)
    await assertRefused(server.url(database), /only reads: turn default_transaction_read_only off/)
    const standby = await server.startStandby('standby')
    t.after(() => standby.remove())
    await assertRefused(
      standby.url('postgres'),
      /is a standby, in recovery, and only reads: name the primary/,
    )
    const twice = `${standby.url('postgres').replace(/\/postgres$/, '')},127.0.0.1:9/postgres`
    await assertRefused(twice, /none of .* takes writes: promote one of them/)
  })

  test('no right to the tables that are there', async (t) => {
    const database = await server.createDatabase()
    await (await open(t, server.url(database))).check()
    await server.ask(database, `CREATE ROLE guest LOGIN PASSWORD '${PASSWORD}'`)
    const url = `postgres://guest:${PASSWORD}@127.0.0.1:${server.port}/${database}`
    const cure =
      /CREATE SCHEMA yaopai AUTHORIZATION .*, or, if the schema is there, name the owner of its tables/
    await assertRefused(url, cure)
    const tables = 'ON ALL TABLES IN SCHEMA yaopai TO guest'
    await server.ask(database, `GRANT USAGE ON SCHEMA yaopai TO guest; GRANT SELECT ${tables}`)
    await assertRefused(url, cure)
    await server.ask(database, `GRANT INSERT, UPDATE, DELETE ${tables}`)
    await assertRefused(url, cure)
    await server.ask(database, 'GRANT USAGE ON ALL SEQUENCES IN SCHEMA yaopai TO guest')
    await (await open(t, url)).check()
  })
})

describe('a PostgreSQL whose disk is full', needs('postgresql'), () => {
  test('[R04] is refused at the start, and while it lasts writes alone fail; with room again all works', async (t) => {
    const cleanUps: (() => unknown)[] = []
    t.after(async () => {
      for (const cleanUp of cleanUps) await cleanUp()
    })
    const disk = mountSmall(cleanUps)
    if (disk === null) return t.diagnostic('nothing can be mounted here: not proved')
    // Reads must not have to write others' pages to make room in the server's memory.
    const server = await startPostgres({ settings: { shared_buffers: '64MB' } })
    cleanUps.unshift(() => server.remove())
    await server.ask('postgres', `CREATE TABLESPACE small LOCATION '${disk}'`)
    for (const name of ['small', 'fresh'])
      await server.ask('postgres', `CREATE DATABASE ${name} TEMPLATE template0 TABLESPACE small`)
    const store = await openPostgres(new Secret(server.url('small')), {})
    cleanUps.unshift(() => store.close())
    await store.recordLogin(firstLogin(1))
    const ballast = fill(disk)
    await assert.rejects(
      openPostgres(new Secret(server.url('fresh')), {}),
      /has a full disk: make room on it/,
    )
    let n = 1
    const unavailable = async (): Promise<void> => {
      for (;;) {
        n += 1
        await store.recordLogin(firstLogin(n))
      }
    }
    await assert.rejects(unavailable(), StoreUnavailableError)
    assert.notEqual(await store.findSession(sampleSelector(1)), null)
    rmSync(ballast)
    await store.check()
    assert.equal(await store.recordLogin(firstLogin(n)), 'recorded')
  })
})

/** A file that takes all the room there is. */
function fill(disk: string): string {
  const ballast = join(disk, '..', 'ballast')
  for (const bytes of [1_048_576, 4_096]) {
    const chunk = Buffer.alloc(bytes, 1)
    try {
      for (;;) appendFileSync(ballast, chunk)
    } catch (error) {
      assert.match(String(error), /ENOSPC/)
    }
  }
  return ballast
}

/** A disk of 48 MB for PostgreSQL, in memory; null where this process may not mount any. */
function mountSmall(cleanUps: (() => unknown)[]): string | null {
  const disk = mkdtempSync(join(tmpdir(), 'yaopai-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m,mode=0777', 'tmpfs', disk]).status === 0
  cleanUps.unshift(() => {
    if (mounted) spawnSync('umount', [disk])
    rmSync(disk, { recursive: true, force: true })
  })
  if (!mounted) return null
  chmodSync(disk, 0o777)
  const folder = join(disk, 'tablespace')
  mkdirSync(folder, { mode: 0o700 })
  const { status } = spawnSync('chown', ['postgres', folder])
  return status === 0 ? folder : null
}

/** What a MariaDB says first, before it was spoken to, and what it makes of words that it does not know. */
function greetAsMariadb(socket: Socket): void {
  const greeting = Buffer.from(
    '\x0a5.5.5-10.11.6-MariaDB\0\x01\0\0\0abcdefgh\0\xfe\xf7\x2d\x02\0\xff',
    'latin1',
  )
  socket.on('error', () => undefined)
  socket.write(Buffer.concat([Buffer.from([greeting.length, 0, 0, 0]), greeting]))
  socket.once('data', () => socket.end(Buffer.from('\x16\0\0\x01\xff\x13\x04Bad handshake', 'latin1')))
}
