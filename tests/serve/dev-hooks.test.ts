// /_dev at the real commands: there under `yaopai dev`, no trace of it under `yaopai serve`.
import assert from 'node:assert/strict'
import { cp } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { call, tokenOf } from './support/client.ts'
import { APPID, createRig } from './support/rig.ts'

const EXAMPLE = join(import.meta.dirname, '../../examples/miniprogram')
const PATHS = ['/_dev', '/_dev/', '/_dev/clock', '/_dev/sessions', '/_dev/sessions/end', '/_dev/users/ban']
const SIX_DAYS_SECONDS = 6 * 86_400

test('[T39] yaopai serve answers /_dev as it answers any path that it has not, also beside an emulator', async (t) => {
  const rig = await createRig(t)
  const server = await rig.serve()
  for (const base of [server.internalUrl, server.publicUrl]) {
    const usual = { ...(await call('GET', `${base}/_nothing`)).body, requestId: '' }
    for (const path of PATHS) {
      for (const [method, json] of [
        ['GET', undefined],
        ['POST', { advanceSeconds: SIX_DAYS_SECONDS }],
      ] as const) {
        const answer = await call(method, base + path, { json })
        assert.equal(answer.status, 404, `${method} ${path}`)
        assert.deepEqual({ ...answer.body, requestId: '' }, usual)
      }
    }
  }
  assert.doesNotMatch(server.output.stdout + server.output.stderr, /_dev/)
})

test('under yaopai dev the clock is moved from this machine, and the reason of the end is told', async (t) => {
  const rig = await createRig(t)
  const server = await rig.serve({ EMULATOR_PORT: '0' }, [], 'dev')
  const emulatorUrl = /WeChat's emulator +(http\S+)/.exec(server.output.stderr)?.[1] ?? ''
  const login = async () => {
    const json = { appid: APPID, user: 'alice' }
    const { body } = await call('POST', `${emulatorUrl}/_emulator/wx/login`, { json })
    return tokenOf(server.publicUrl, String(body['code']))
  }
  const token = await login()
  const json = { advanceSeconds: SIX_DAYS_SECONDS }
  const moved = await call('POST', `${server.internalUrl}/_dev/clock`, { json })
  assert.equal(moved.status, 200, moved.text)
  const late = await call('GET', `${server.publicUrl}/session`, { token })
  assert.equal(late.body['code'], 'idle_timeout')
  assert.equal((await call('GET', `${server.publicUrl}/session`, { token: await login() })).status, 200)
  assert.equal((await call('GET', `${server.publicUrl}/_dev`)).status, 404)
  assert.equal(await statusAs(`${server.internalUrl}/_dev`, { host: 'evil.example' }), 404)
  assert.equal(await statusAs(`${server.internalUrl}/_dev`, { origin: 'https://evil.example' }), 404)
})

test('yaopai dev runs the mini program of its folder in the phone, or the one that is named', async (t) => {
  const rig = await createRig(t)
  await cp(EXAMPLE, join(rig.folder, 'shop'), { recursive: true })
  const phoneUrl = async (args: string[]) => {
    const server = await rig.serve({ EMULATOR_PORT: '0' }, args, 'dev')
    const [, url] = /open (http\S+)\//.exec(server.output.stderr) ?? []
    const list = await call('GET', `${/emulator +(http\S+)/.exec(server.output.stderr)?.[1]}/_emulator/dev`)
    assert.equal(list.status, 200, list.text)
    const { body } = url === undefined ? { body: {} } : await call('GET', `${url}/_emulator/phone/program`)
    await server.stop()
    return Object(body).pages?.[0]
  }
  assert.equal(await phoneUrl([]), undefined, 'there is no project in the folder')
  assert.equal(await phoneUrl(['--miniprogram', 'shop']), 'pages/index/index')
  await cp(join(rig.folder, 'shop'), rig.folder, { recursive: true })
  assert.equal(await phoneUrl([]), 'pages/index/index')
})

test('a back end that is named wrongly ends yaopai dev with the flag, the cure and 2', async (t) => {
  const rig = await createRig(t)
  const ended = await rig.run(['dev', '--emulator-port', '0', '--backend', 'shop.example.com'])
  assert.equal(ended.exitCode, 2, ended.stderr)
  assert.match(ended.stderr, /--backend: .*shop\.example\.com.*; give a URL/)
})

test('an internal listener that other machines reach has no /_dev', async (t) => {
  const rig = await createRig(t)
  const server = await rig.serve({ EMULATOR_PORT: '0', INTERNAL_HOST: '0.0.0.0' }, [], 'dev')
  const url = server.internalUrl.replace('0.0.0.0', '127.0.0.1')
  assert.equal((await call('GET', `${url}/healthz`)).status, 200)
  assert.equal((await call('GET', `${url}/_dev`)).status, 404)
})

/** `fetch` sets these headers itself. */
function statusAs(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asked.once('error', reject).end()
  })
}
