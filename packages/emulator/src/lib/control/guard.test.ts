import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { refuseStranger } from './guard.ts'

const local = { address: '127.0.0.1', host: 'localhost:8788', origin: undefined }

test('[F86] the control interface answers this machine alone, whatever Host it claims', () => {
  for (const address of ['127.0.0.1', '127.8.8.8', '::1'])
    assert.equal(refuseStranger({ ...local, address }), undefined)
  for (const address of ['192.168.1.7', '10.127.0.1', '::', '', 'fe80::1', '1127.0.0.1']) {
    assert.equal(refuseStranger({ ...local, address })?.error, 'not_loopback', address)
  }
})

test('[F86] no Host but a loopback name passes, in whatever case and with whatever port', () => {
  for (const host of ['LOCALHOST', '127.0.0.1:1', '[::1]', '[::1]:99']) {
    assert.equal(refuseStranger({ ...local, host }), undefined, host)
  }
  const odd = [
    '',
    'localhost:',
    'localhost.',
    '127.0.0.1.nip.io',
    'localhost:80:80',
    ' localhost',
    '::1',
    '0.0.0.0',
  ]
  for (const host of [undefined, ...odd]) {
    assert.equal(refuseStranger({ ...local, host })?.error, 'host_not_loopback', String(host))
  }
  const foreign = fc.domain().filter((name) => name !== 'localhost')
  fc.assert(
    fc.property(foreign, fc.nat(65_535), (name, port) => {
      assert.equal(refuseStranger({ ...local, host: `${name}:${port}` })?.error, 'host_not_loopback')
      assert.equal(refuseStranger({ ...local, origin: `https://${name}` })?.error, 'foreign_origin')
    }),
    { numRuns: 2000 },
  )
})
