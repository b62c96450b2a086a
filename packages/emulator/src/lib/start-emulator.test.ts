import assert from 'node:assert/strict'
import { get } from 'node:https'
import { test } from 'node:test'
import { startEmulator } from '../index.ts'
import { makeCertificate } from '../test-support/certificate.ts'
import { APPID, codeFor, PATH, SECRET, startForTest } from '../test-support/kit.ts'

test('[F84] several emulators run in one process, each on a free port, none knowing of the other', async (t) => {
  const one = await startForTest(t)
  const two = await startForTest(t)
  assert.notEqual(one.url, two.url)
  codeFor(one)
  assert.deepEqual(two.exportState().codes, [])
})

test('[F84] a taken port is named with its cure', async (t) => {
  const emulator = await startForTest(t)
  const port = Number(new URL(emulator.url).port)
  await assert.rejects(startEmulator({ port }), {
    code: 'port_taken',
    message: new RegExp(`${port}.*another port`),
  })
  await assert.rejects(startEmulator({ host: '203.0.113.1' }), { code: 'bad_host' })
})

test('[F84] without any option it runs on the real time and the loopback address', async () => {
  await using emulator = await startEmulator()
  assert.ok(Math.abs(emulator.nowMs() - Date.now()) < 5000)
  assert.match(emulator.url, /^http:\/\/127\.0\.0\.1:\d+$/)
  assert.match(await (await fetch(emulator.url)).text(), /GET \/_emulator lists the routes/)
})

test('[F84] input of the in-process calls is checked like that of HTTP', async (t) => {
  const emulator = await startForTest(t)
  assert.throws(() => emulator.putApp('wx 1', { secret: 's' }), { code: 'invalid_input' })
  assert.throws(() => emulator.putApp('wx1', { secret: '' }), { field: 'secret' })
  assert.throws(() => emulator.login({ appid: 'wx1', user: '' }), { field: 'user' })
  assert.throws(() => emulator.advanceClock(Number.NaN), { code: 'invalid_input' })
  assert.throws(() => emulator.login({ appid: 'wxnope', user: 'alice' }), { code: 'unknown_app' })
  emulator.advanceClock(315_360_000)
  assert.throws(
    () => {
      for (let decade = 0; decade < 10; decade += 1) emulator.advanceClock(315_360_000)
    },
    { field: 'advanceSeconds' },
  )
})

function getText(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // The host that an SDK has fixed, resolved to this machine as a hosts file would.
    const options = { ca, servername: 'api.weixin.qq.com', headers: { host: 'api.weixin.qq.com' } }
    const outgoing = get(url, options, (res) => {
      let text = ''
      res.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      res.on('end', () => resolve(text))
    })
    outgoing.on('error', reject)
  })
}

test('[F86] TLS: a client that insists on https://api.weixin.qq.com verifies the certificate and logs in', async (t) => {
  const tls = makeCertificate('api.weixin.qq.com')
  const emulator = await startForTest(t, { tls })
  assert.match(emulator.url, /^https:/)
  const query = `appid=${APPID}&secret=${SECRET}&js_code=${codeFor(emulator)}&grant_type=authorization_code`
  assert.match(await getText(`${emulator.url}${PATH}?${query}`, tls.cert), /^\{"session_key":/)
  assert.match(await getText(`${emulator.url}/_emulator/calls`, tls.cert), /host_not_loopback/)
  emulator.addFault({ path: PATH, times: 1, reset: true })
  await assert.rejects(getText(`${emulator.url}${PATH}`, tls.cert))
  assert.match(await getText(`${emulator.url}${PATH}`, tls.cert), /41002/)
})
