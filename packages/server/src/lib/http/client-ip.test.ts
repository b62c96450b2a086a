import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { createProxyTrust, isPrivateIp, plainIp } from './client-ip.ts'
import { openDesk } from './testing/desk.ts'

const inside = ['10.0.0.0/8', '192.168.1.1', 'fd00::/8']
const trust = createProxyTrust(inside)

test('nobody is trusted unless the configuration says so', () => {
  const none = createProxyTrust([])
  assert.equal(none.clientIp('203.0.113.7', '198.51.100.1'), '203.0.113.7')
  assert.equal(none.isTrusted('127.0.0.1'), false)
  assert.equal(none.clientIp(null, '198.51.100.1'), null)
})

test('the client is the first address from the right that is no proxy of ours', () => {
  const cases: [string | null, string | null, string | null][] = [
    ['10.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['10.0.0.1', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['10.0.0.1', '198.51.100.1, 203.0.113.7, 10.9.9.9', '203.0.113.7'],
    ['10.0.0.1', '10.1.1.1', '10.1.1.1'],
    ['10.0.0.1', null, '10.0.0.1'],
    ['10.0.0.1', 'unknown', '10.0.0.1'],
    ['10.0.0.1', '198.51.100.1, garbage', '10.0.0.1'],
    ['192.168.1.2', '203.0.113.7', '192.168.1.2'],
    ['fd12::1', '2001:db8::1', '2001:db8::1'],
    ['::ffff:10.0.0.1', '::ffff:203.0.113.7', '203.0.113.7'],
    ['fe80::1%eth0', '203.0.113.7', 'fe80::1'],
  ]
  for (const [peer, forwarded, client] of cases) {
    assert.equal(trust.clientIp(peer, forwarded), client, `${peer} ${forwarded}`)
  }
})

test('an entry that is no address and no network is named at the start', () => {
  for (const entry of [
    '',
    'proxy',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::/129',
    '10.0.0/8',
    '10.0.0.0/-1',
  ]) {
    assert.throws(() => createProxyTrust([entry]), /TRUST_PROXY/, entry)
  }
})

const address = fc.oneof(fc.ipV4(), fc.ipV6())
const outside = address.filter((ip) => isIP(ip) !== 0 && !trust.isTrusted(ip))
const proxy = fc.oneof(
  fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((rest) => `10.${rest.join('.')}`),
  fc.constantFrom('192.168.1.1', 'fd00::7', '::ffff:10.3.2.1'),
)
const written = fc.array(fc.oneof(address, fc.string({ maxLength: 12 })), { maxLength: 4 })

test('[T12] whatever a stranger writes into X-Forwarded-For, the address that counts stays the same', () => {
  fc.assert(
    fc.property(
      written,
      outside,
      fc.array(proxy, { maxLength: 3 }),
      proxy,
      (forged, client, proxies, peer) => {
        const chain = [...forged, client, ...proxies].join(', ')
        assert.equal(trust.clientIp(peer, chain), plainIp(client))
      },
    ),
    { numRuns: 25_000 },
  )
})

test('[T12] a peer that is no proxy of ours is the client, whatever it forwards', () => {
  fc.assert(
    fc.property(outside, written, (peer, forged) => {
      assert.equal(trust.clientIp(peer, forged.join(',')), plainIp(peer))
    }),
    { numRuns: 15_000 },
  )
})

test('the outcome is an address or nothing, for any text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), address), fc.string(), (peer, forwarded) => {
      const client = trust.clientIp(peer, forwarded)
      assert.ok(client === null || isIP(client) !== 0)
    }),
    { numRuns: 15_000 },
  )
})

test('addresses of this machine and its networks are told from those of the world', () => {
  const near = ['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.0.9', '::1', '::ffff:10.0.0.1', 'fd00::1']
  for (const ip of near) assert.ok(isPrivateIp(ip), ip)
  for (const ip of ['203.0.113.7', '172.32.0.1', '2001:db8::1', 'x', null])
    assert.ok(!isPrivateIp(ip), String(ip))
})

test('a proxy nearby that TRUST_PROXY does not name is told of once, with the cure', async () => {
  const desk = openDesk({ deps: { trustProxy: ['10.0.0.1'] } })
  const headers = { 'x-forwarded-for': '198.51.100.7' }
  const told = () => desk.lines.filter(({ event }) => event === 'http.untrusted_proxy')
  for (const ip of ['10.0.0.1', '203.0.113.7', null]) await desk.publicly('/healthz', { headers, ip })
  await desk.publicly('/healthz', { ip: '10.0.0.2' })
  await desk.internally('/healthz', { headers, ip: '10.0.0.2' })
  assert.equal(told().length, 0)
  for (const _ of [1, 2, 3]) await desk.publicly('/healthz', { headers, ip: '10.0.0.2' })
  assert.equal(told().length, 1)
  assert.deepEqual([told()[0]?.level, told()[0]?.fields['peer']], ['warn', '10.0.0.2'])
  assert.match(String(told()[0]?.fields['advice']), /TRUST_PROXY/)
})
