import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { call, tokenOf } from './support/client.ts'
import { createRig } from './support/rig.ts'
import { createRotation, ROTATING_ENV } from './support/rotating.ts'

// That keys change under load without a request refused is a scenario: tests/faults/scenarios/rotation.ts.

test('[R26] a configuration that does not fit changes nothing, and the log says what is wrong', async (t) => {
  const rig = await createRig(t)
  const { put, firstApiKey } = await createRotation(rig)
  const server = await rig.serve(ROTATING_ENV)
  const token = await tokenOf(server.publicUrl, rig.code('alice'))
  const secret = randomBytes(32).toString('base64')
  await put('master.key', `k1:${secret},k1:${secret}`)
  server.signal('SIGHUP')
  while (!server.output.stdout.includes('config.reload_failed')) await new Promise((go) => setTimeout(go, 5))
  assert.match(server.output.stdout, /has the kid k1 twice/)
  assert.ok(!server.output.stdout.includes(secret))
  const answer = await call('POST', `${server.internalUrl}/verify`, { token: firstApiKey, json: { token } })
  assert.equal(answer.body['ok'], true)
})
