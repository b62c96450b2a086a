import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { after, before, describe, type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import { needs } from '../../../../../tools/needs.ts'
import { parseRedisUrl } from '../load-config/redis-url.ts'
import { checkRedis } from './check-redis.ts'
import { RedisError } from './redis-error.ts'
import { startRedis, type TestRedis } from './testing/redis-server.ts'

async function complaintOf(url: string): Promise<string> {
  const target = parseRedisUrl(url)
  assert.ok(typeof target !== 'string', url)
  const error = await checkRedis(target).then(
    () => assert.fail(`${url} was taken`),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof RedisError, String(error))
  assert.equal(error.exitCode, 78)
  assert.doesNotMatch(inspect(error, { depth: null }), /secretword/)
  assert.match(error.message, /^REDIS_URL: .*\. [A-Z]/)
  return error.message
}

describe('a Redis that cannot be shared through', needs('redis'), () => {
  let plain: TestRedis
  let locked: TestRedis
  let clustered: TestRedis
  before(async () => {
    plain = await startRedis()
    locked = await startRedis(['--requirepass', 'right'])
    clustered = await startRedis(['--cluster-enabled', 'yes'])
  })
  after(async () => {
    for (const redis of [plain, locked, clustered]) await redis.remove()
  })
  const at = ({ port }: TestRedis, credentials = '') => `redis://${credentials}127.0.0.1:${port}`

  test('[F80] each way of being unfit has its own line, with the cure', async () => {
    const cases: [string, RegExp][] = [
      [at(locked), /asks for a password/],
      [at(locked, ':secretword@'), /does not take the password/],
      [at(locked, 'nobody:secretword@'), /does not take the password or the user/],
      [at(plain, ':secretword@'), /asks for no password/],
      [`${at(plain)}/99`, /has no such database/],
      [`${at(plain)},127.0.0.1:${plain.port}`, /is no cluster/],
      [at(clustered), /is a node of a cluster/],
      [`${at(clustered)},127.0.0.1:${clustered.port}`, /is a cluster that is down/],
      ['redis://127.0.0.1:1', /nothing listens there/],
      ['redis://no-such-host.invalid', /has no address|cannot be reached|does not answer/],
      [at(plain).replace('redis:', 'rediss:'), /begin.* with redis: ?/i],
    ]
    for (const [url, expected] of cases) assert.match(await complaintOf(url), expected, url)
  })

  test('[F80] a replica, a full one, and a user without rights are told apart', async () => {
    await plain.ask('REPLICAOF', '127.0.0.1', '1')
    assert.match(await complaintOf(at(plain)), /is a replica/)
    await plain.ask('REPLICAOF', 'NO', 'ONE')
    await plain.ask('CONFIG', 'SET', 'maxmemory', '1')
    assert.match(await complaintOf(at(plain)), /out of memory/)
    await plain.ask('CONFIG', 'SET', 'maxmemory', '0')
    await plain.ask(
      'ACL',
      'SETUSER',
      'reader',
      'on',
      '>secretword',
      '~*',
      '+@read',
      '+info',
      '+ping',
      '+auth',
    )
    assert.match(await complaintOf(at(plain, 'reader:secretword@')), /too few rights/)
    await plain.ask('ACL', 'SETUSER', 'ours', 'on', '>secretword', '~yp:*', ...RIGHTS)
    const target = parseRedisUrl(at(plain, 'ours:secretword@'))
    assert.ok(typeof target !== 'string')
    await checkRedis(target)
  })

  test('one that is stopped does not hold up the start for ever', async () => {
    plain.freeze()
    assert.match(await complaintOf(at(plain)), /does not answer/)
    plain.thaw()
  })
})

const RIGHTS = 'set get incrby pttl expire del eval evalsha info cluster ping'
  .split(' ')
  .map((word) => `+${word}`)

test('[F80] another program behind the port is told to be one', async (t) => {
  const greetings = ['HTTP/1.1 400 Bad Request\r\n\r\n', 'SSH-2.0-OpenSSH\r\n', '\u0000\u0000J\n8.0.36\u0000']
  for (const greeting of greetings) {
    const url = await serve(t, (socket) => socket.write(greeting))
    assert.match(await complaintOf(url), /is something else/, greeting)
  }
  const hangUp = await serve(t, (socket) => socket.destroy())
  assert.match(await complaintOf(hangUp), /ends the connection at once/)
})

async function serve(t: TestContext, greet: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    greet(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const address = server.address()
  assert.ok(typeof address === 'object' && address)
  return `redis://127.0.0.1:${address.port}`
}
