import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { after, before, describe, type TestContext, test } from 'node:test'
import { needs } from '../../../../../tools/needs.ts'
import { openTestTier, PATIENT, until, untilShared } from './testing/open-test-tier.ts'
import { startRedis, type TestRedis } from './testing/redis-server.ts'

const IP = '203.0.113.77'

describe('limits and leases through one Redis', needs('redis'), () => {
  let redis: TestRedis
  before(async () => {
    redis = await startRedis(['--requirepass', 'open sesame', '--maxmemory-policy', 'noeviction'])
  })
  after(() => redis.remove())
  const url = () => `redis://:open%20sesame@127.0.0.1:${redis.port}/3`
  const open = (t: TestContext, more = {}) => openTestTier(t, url(), more)
  const admin = async (...words: string[]) => {
    const { Redis } = await import('ioredis')
    const client = new Redis({ port: redis.port, password: 'open sesame', db: 3, protocol: 2 })
    const [command = '', ...rest] = words
    const answer = await client.call(command, ...rest)
    client.disconnect()
    return answer
  }

  test('[F80] nodes count together; Redis learns no address, and forgets by itself', async (t) => {
    const [one, other] = [await open(t, PATIENT), await open(t, PATIENT)]
    const [here, there] = [one.makeLimit('login', 3, 60), other.makeLimit('login', 3, 60)]
    assert.deepEqual([await here(IP), await there(IP), await here(IP)], [null, null, null])
    assert.ok(Number(await there(IP)) >= 1)
    assert.ok(Number(await here(IP)) >= 1)
    assert.equal(await there('203.0.113.78'), null)
    assert.equal(await one.makeLimit('miss', 3, 60)(IP), null)
    const keys = (await admin('KEYS', '*')) as string[]
    assert.ok(keys.length >= 3)
    for (const key of keys) {
      assert.match(key, /^yp:(l:\w+:[\w-]{16}|check)$/)
      assert.ok(key.length <= 32)
      assert.ok(Number(await admin('PTTL', key)) > 0)
    }
    assert.deepEqual(one.events, [])
  })

  test('a flood costs Redis no more than what its node lets pass', async (t) => {
    const tier = await open(t, PATIENT)
    const limit = tier.makeLimit('flood', 5, 60)
    const waits = await Promise.all(Array.from({ length: 200 }, () => limit(IP)))
    assert.equal(waits.filter((seconds) => seconds === null).length, 5)
    assert.equal(tier.counts['shared'], 5)
  })

  test('[F38] a lease is one node’s until it lets go or its time is over, and no other lets go of it', async (t) => {
    const [one, other] = [await open(t), await open(t)]
    const taken = await Promise.all(
      [one, other, one, other].map(({ takeLease }) => takeLease('work', 60_000)),
    )
    const [lease] = taken.filter((each) => each !== null)
    assert.equal(taken.filter((each) => each !== null).length, 1)
    await lease?.release()
    const short = await other.takeLease('work', 5)
    assert.ok(short)
    await until('its time is over', async () => (await admin('EXISTS', 'yp:lease:work')) === 0)
    const next = await one.takeLease('work', 60_000)
    assert.ok(next)
    await short.release()
    assert.equal(await other.takeLease('work', 60_000), null)
    await next.release()
  })

  test('[R18] Redis is killed, stopped, full or a replica: every node limits for itself, then together again', async (t) => {
    const tier = await open(t)
    const faults: [string, () => unknown, () => unknown][] = [
      ['killed', () => redis.stop('SIGKILL'), () => redis.start()],
      ['stopped', () => redis.freeze(), () => redis.thaw()],
      [
        'full',
        () => admin('CONFIG', 'SET', 'maxmemory', '1'),
        () => admin('CONFIG', 'SET', 'maxmemory', '0'),
      ],
      ['a replica', () => admin('REPLICAOF', '127.0.0.1', '1'), () => admin('REPLICAOF', 'NO', 'ONE')],
      [
        'of others',
        () => admin('CONFIG', 'SET', 'requirepass', 'changed'),
        async () => {
          const { Redis } = await import('ioredis')
          const client = new Redis({ port: redis.port, password: 'changed', protocol: 2 })
          await client.config('SET', 'requirepass', 'open sesame')
          client.disconnect()
        },
      ],
    ]
    for (const [name, break_, mend] of faults) {
      tier.events.length = 0
      await break_()
      if (name === 'of others') await endConnections(redis.port)
      const limit = tier.makeLimit(`l${name.length}`, 3, 60)
      const waits = []
      for (let n = 0; n < 30; n += 1) waits.push(await limit(IP))
      assert.deepEqual(waits.slice(0, 3), [null, null, null], name)
      assert.ok(
        waits.slice(3).every((seconds) => seconds !== null),
        `${name}: limited all the same`,
      )
      for (let n = 0; n < 200; n += 1) assert.equal(await limit(`k${n}`), null, name)
      // The circuit's clock stands still: only the first request waited for an answer.
      assert.equal(tier.events.join(), 'redis.lost', name)
      await mend()
      await untilShared(tier)
      assert.deepEqual(tier.events, ['redis.lost', 'redis.back'], name)
    }
  })
})

/** Ends the connections of all clients, as a Redis that was set up anew does. */
async function endConnections(port: number): Promise<void> {
  const { Redis } = await import('ioredis')
  const client = new Redis({ port, password: 'changed', protocol: 2 })
  await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  client.disconnect()
}

test('[R18] a Redis that lies lets no node pass more than it would by itself, and nobody waits for it', async (t) => {
  let lie = ':1\r\n'
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => socket.write(answerTo(String(chunk), lie)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(typeof address === 'object' && address)
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const tier = await openTestTier(t, `redis://127.0.0.1:${address.port}`)
  const lies = {
    little: '*2\r\n:1\r\n:60000\r\n',
    nothing: '$-1\r\n',
    text: '$5\r\nhello\r\n',
    pair: '*2\r\n$1\r\nx\r\n$1\r\ny\r\n',
    negative: '*2\r\n:-5\r\n:-5\r\n',
    forever: '*2\r\n:9\r\n:99999999999999\r\n',
    error: '-ERR you name it\r\n',
    noise: 'HTTP/1.1 400 Bad Request\r\n\r\n',
  }
  for (const [name, text] of Object.entries(lies)) {
    lie = text
    // The circuit is closed, or tries anew.
    tier.advance(1_000)
    const limit = tier.makeLimit(name, 3, 60)
    const waits = []
    for (let n = 0; n < 6; n += 1) waits.push(await limit(IP))
    assert.deepEqual(
      waits.map((seconds) => seconds === null),
      [true, true, true, false, false, false],
      name,
    )
  }
})

/** As a Redis would, but for what it says of counts. */
function answerTo(command: string, lie: string): string {
  return [...command.matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g)]
    .map(([, name = '']) => {
      const word = name.toLowerCase()
      if (word === 'ping') return '+PONG\r\n'
      if (word === 'info') return '$11\r\nrole:master\r\n'
      return word.startsWith('eval') ? lie : '+OK\r\n'
    })
    .join('')
}
