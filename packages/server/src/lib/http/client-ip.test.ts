import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { createProxyTrust, plainIp } from './client-ip.ts'

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
