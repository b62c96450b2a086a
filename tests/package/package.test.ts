import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import test, { after, before, describe } from 'node:test'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { freePort } from '../../tools/free-port.ts'
import { buildPackage, nodePackages } from '../../tools/package/build-package.ts'
import { packPackage } from '../../tools/package/stage-package.ts'
import { root } from '../../tools/setup.mjs'
import { filesIn } from './tarball.ts'
import { answers, makeUserFolder, type Started, stop, type UserFolder } from './user-folder.ts'

const app = { appid: 'wx0123456789abcdef', secret: randomBytes(16).toString('hex') }

describe('the packages as users get them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-pack-'))
  const tarballs: string[] = []
  let user: UserFolder

  before(() => {
    for (const name of nodePackages) {
      buildPackage(name)
      tarballs.push(packPackage(name, folder))
    }
    user = makeUserFolder()
    user.install(...tarballs)
  })

  after(async () => {
    await user.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  test('carry licence and README, and nothing that is not for users', () => {
    for (const tarball of tarballs) {
      const files = filesIn(tarball)
      for (const wanted of [
        'LICENSE',
        'README.md',
        'package.json',
        'dist/cli.js',
        'dist/index.js',
        'dist/index.d.ts',
      ]) {
        assert.ok(files.includes(wanted), `${tarball} has no ${wanted}`)
      }
      const foreign = files.filter((file) =>
        /\.(test|map)\b|(?<!\.d)\.ts$|fixtures|test-support|testing\/|\.env|tsconfig/.test(file),
      )
      assert.deepEqual(foreign, [])
    }
  })

  test('have manifests that publint finds nothing in', async () => {
    for (const tarball of tarballs) {
      const bytes = readFileSync(tarball)
      const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
      const { messages, pkg } = await publint({ pack: { tarball: data } })
      assert.deepEqual(
        messages.map((message) => formatMessage(message, pkg)),
        [],
      )
    }
  })

  test('have types that a strict program reads declarations of ours included', () => {
    const program = [
      "import { createYaopai } from 'yaopai'",
      "import { loadUser, requireUser } from 'yaopai/express'",
      "import { startEmulator } from '@yaopai/wechat-emulator'",
      'export const all: ((...rest: never[]) => unknown)[] = [createYaopai, loadUser, requireUser, startEmulator]',
    ].join('\n')
    writeFileSync(join(user.path, 'use.ts'), program)
    const typeRoots = [join(root, 'node_modules', '@types')]
    const compilerOptions = {
      strict: true,
      noEmit: true,
      module: 'nodenext',
      target: 'es2023',
      types: ['node'],
      typeRoots,
    }
    writeFileSync(join(user.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }))
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const { stdout } = user.run([tsc, '-p', 'tsconfig.json'])
    const ours = stdout.split('\n').filter((line) => /^(use\.ts|node_modules\/(@yaopai|yaopai)\/)/.test(line))
    assert.deepEqual(ours, [])
  })

  test('have every subpath loaded by Node', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'packages/server/package.json'), 'utf8'))
    const names = Object.keys(exports).filter((path) => path !== './package.json')
    const imports = names.map((path) => `await import('yaopai${path.slice(1)}')`)
    const { status, stderr } = user.run(['--input-type=module', '-e', imports.join('\n')])
    assert.equal(status, 0, stderr)
  })

  test('bring an SQLite that is not older than 3.51.3', () => {
    const program = `import { DatabaseSync } from '@photostructure/sqlite'
      console.log(new DatabaseSync(':memory:').prepare('select sqlite_version() as version').get().version)`
    const { stdout, stderr } = user.run(['--input-type=module', '-e', program])
    const [major = 0, minor = 0, patch = 0] = stdout.trim().split('.').map(Number)
    assert.ok(major * 1e6 + minor * 1e3 + patch >= 3_051_003, `SQLite ${stdout.trim()} ${stderr}`)
  })

  test('[F68][F79] log a user in, with install scripts blocked and no compiler', {
    timeout: 120_000,
  }, async () => {
    const { emulator, server } = await startBoth(user)
    const { token } = await login(emulator.url, server.url)
    const session = await fetch(`${server.url}/session`, { headers: { Authorization: `Bearer ${token}` } })
    assert.equal(session.status, 200)
    assert.equal(
      await stop(server.process.child),
      process.platform === 'win32' ? null : 0,
      server.process.output(),
    )
  })
})

async function startBoth(user: UserFolder) {
  const emulator = await startEmulator(user)
  const [PORT, INTERNAL_PORT] = [String(await freePort()), String(await freePort())]
  const env = {
    PORT,
    INTERNAL_PORT,
    DATABASE_URL: 'file:book.db',
    WECHAT_APPID: app.appid,
    WECHAT_SECRET: app.secret,
    WECHAT_API_BASE: emulator.url,
    YAOPAI_INSECURE_EMULATOR: '1',
    YAOPAI_MASTER_KEY: `k1:${randomBytes(32).toString('base64')}`,
  }
  const started = user.start('yaopai', ['serve'], env)
  const url = `http://127.0.0.1:${PORT}`
  await answers(`${url}/readyz`, started)
  return { emulator, server: { url, process: started } }
}

async function startEmulator(user: UserFolder): Promise<{ url: string; process: Started }> {
  const port = await freePort()
  const started = user.start('wechat-emulator', ['--port', String(port)], {})
  const url = `http://127.0.0.1:${port}`
  await answers(`${url}/_emulator/calls`, started)
  return { url, process: started }
}

async function login(emulator: string, server: string): Promise<{ token: string }> {
  await send('PUT', `${emulator}/_emulator/apps/${app.appid}`, { secret: app.secret })
  const { code } = await send('POST', `${emulator}/_emulator/wx/login`, { appid: app.appid, user: 'carol' })
  const { token } = await send('POST', `${server}/login`, { code })
  assert.match(token ?? '', /^yp1_[A-Za-z0-9_-]{52}[0-9A-Za-z]{6}$/)
  return { token: token ?? '' }
}

async function send(method: string, url: string, body: unknown): Promise<{ code?: string; token?: string }> {
  const headers = { 'Content-Type': 'application/json' }
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) })
  const text = await response.text()
  assert.ok(response.ok, `${method} ${url}: ${response.status} ${text}`)
  return text === '' ? {} : JSON.parse(text)
}
