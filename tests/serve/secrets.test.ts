import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import type { FaultInput } from '@yaopai/wechat-emulator'
import { call, login } from './support/client.ts'
import { APPID, createRig } from './support/rig.ts'

const PATH = '/sns/jscode2session'

/** Twelve ways in which WeChat fails, and what the client is told. */
const failures: [name: string, fault: Omit<FaultInput, 'path'>, status: number][] = [
  ['time-out', { delayMs: 4_000 }, 503],
  ['reset', { reset: true }, 503],
  ['cut in the body', { body: '{"openid":"', cutAfterBytes: 4 }, 503],
  ['redirect', { status: 302, headers: { Location: 'http://127.0.0.1:9/evil' } }, 503],
  ['5xx', { status: 502 }, 503],
  ['HTML page', { body: '<html>login</html>', contentType: 'text/html' }, 503],
  ['garbage', { bodyBase64: Buffer.from([0xff, 0xfe, 0x00]).toString('base64') }, 503],
  ['wrong types', { body: '{"openid":1,"session_key":[]}' }, 503],
  ['too long', { body: `{"x":"${'x'.repeat(70_000)}"}` }, 503],
  ['wrong secret', { errcode: 40125 }, 502],
  ['quota', { errcode: 45011 }, 503],
  ['blocked user', { errcode: 40226 }, 403],
]

test('[T02][T35] no failure of WeChat lets a secret out: answers, log, metrics, screen', async (t) => {
  const rig = await createRig(t)
  const server = await rig.serve({ LOG_LEVEL: 'trace' })
  const seen: string[] = []
  for (const [name, fault, status] of failures) {
    rig.emulator.addFault({ path: PATH, times: 1, ...fault })
    const code = rig.code()
    const answer = await login(server.publicUrl, code)
    assert.equal(answer.status, status, `${name}: ${answer.text}`)
    seen.push(answer.text, JSON.stringify([...answer.headers]), code)
    // A good login between them, so that the breaker does not hide the next failure.
    rig.emulator.clearFaults()
    const good = await login(server.publicUrl, rig.code())
    assert.equal(good.status, 200, `after ${name}: ${good.text}`)
    seen.push(good.text.replace(/"token":"[^"]*"/, ''))
  }
  const codes = seen.filter((text) => /^[0-9A-Za-z]{32}$/.test(text))
  seen.push((await call('GET', `${server.internalUrl}/metrics`)).text)
  const { exitCode, stdout, stderr } = await server.stop()
  assert.equal(exitCode, 0)
  for (const line of stdout.trim().split('\n')) assert.doesNotThrow(() => JSON.parse(line), line)
  seen.push(stdout, stderr)
  const [secret = ''] = rig.secrets
  for (const form of formsOf(secret)) assert.deepEqual(foundIn(`… ${form} …`, rig.secrets), [secret])
  const sessionKey = rig.emulator.sessionKeyOf({ appid: APPID, user: 'alice' })
  assert.ok(sessionKey)
  const text = seen.filter((part) => !codes.includes(part)).join('\n')
  assert.deepEqual(foundIn(text, [...rig.secrets, sessionKey, ...codes]), [])
  const openid = rig.emulator.openidOf(APPID, 'alice')
  assert.ok(!text.includes(openid), 'openid')
  const db = Buffer.concat(
    await Promise.all(
      ['yaopai.db', 'yaopai.db-wal'].map((name) => readIfThere(join(rig.folder, '.yaopai', name))),
    ),
  )
  assert.deepEqual(foundIn(db.toString('latin1'), [...rig.secrets, sessionKey]), [])
})

test('[T02][T29] nothing goes to the host of a redirect, and none to one that does not answer', async (t) => {
  const rig = await createRig(t)
  const reached: string[] = []
  const evil = createServer((request, response) => {
    reached.push(request.url ?? '')
    response.end('{}')
  }).listen(0, '127.0.0.1')
  t.after(() => evil.close())
  await once(evil, 'listening')
  const address = evil.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const server = await rig.serve()
  rig.emulator.addFault({ path: PATH, status: 302, headers: { Location: `http://127.0.0.1:${port}/` } })
  assert.equal((await login(server.publicUrl, rig.code())).status, 503)
  assert.deepEqual(reached, [])
  await rig.emulator.close()
  assert.equal((await login(server.publicUrl, 'a'.repeat(32))).status, 503)
  const { stdout, stderr } = await server.stop()
  assert.deepEqual(foundIn(stdout + stderr, rig.secrets), [])
})

/** Which of them stand there, bare or in a form that gives them away. */
function foundIn(text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => formsOf(secret).some((form) => text.includes(form)))
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const hashes = ['md5', 'sha1'].map((name) => createHash(name).update(secret).digest('hex'))
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('hex'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    ...hashes,
  ]
}

async function readIfThere(path: string): Promise<Buffer> {
  return readFile(path).catch(() => Buffer.alloc(0))
}
