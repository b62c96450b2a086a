import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { mirror, startBackend } from './test-support/backend.ts'
import { startForTest } from './test-support/kit.ts'

const CLI = fileURLToPath(new URL('./cli.ts', import.meta.url))

interface Run {
  child: ChildProcess
  stdout: () => string
  stderr: () => string
  exit: Promise<number | null>
}

function run(t: TestContext, ...args: string[]): Run {
  const child = spawn(process.execPath, ['--import', 'tsx', CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.after(() => void child.kill('SIGKILL'))
  const texts = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
      texts[stream] += chunk
    })
  }
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve))
  return { child, exit, stdout: () => texts.stdout, stderr: () => texts.stderr }
}

async function printed(started: Run, pattern: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const match = pattern.exec(started.stdout())
    if (match) return match
    const ended = await Promise.race([
      started.exit,
      new Promise((resolve) => setTimeout(resolve, 20, 'runs')),
    ])
    assert.equal(ended, 'runs', started.stderr())
  }
}

async function withFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wechat-emulator-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

test('[F84] the command starts the demo, prints a command that yields a code, and stops on SIGTERM with 0', async (t) => {
  const started = run(t, '--port', '0')
  const [, url = '', body = ''] = await printed(started, /curl -s (\S+)\/_emulator\/wx\/login .* -d '(.*)'/)
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}/_emulator/wx/login`, { method: 'POST', headers, body })
  assert.match(await answer.text(), /"errMsg":"login:ok","code":"0[0-9A-Za-z]{31}"/)
  started.child.kill('SIGTERM')
  assert.equal(await started.exit, process.platform === 'win32' ? null : 0)
})

test('--miniprogram says where the phone is, also for a folder that is no mini program yet', async (t) => {
  const folder = await withFolder(t)
  const started = run(t, '--port', '0', '--miniprogram', folder)
  const [, url = ''] = await printed(started, /phone {5}(\S+)\/ {2}\(runs/)
  const response = await fetch(`${url}/_emulator/phone/program`)
  const program = JSON.parse(await response.text())
  assert.equal(program.problems[0].file, 'app.json')
  await printed({ ...started, stdout: started.stderr }, /mini program: app\.json: there is no app\.json/)
})

test('[F86] --seed, --app, --export-on-exit and --json: a state goes in and comes out', async (t) => {
  const folder = await withFolder(t)
  const [seed, out] = [join(folder, 'seed.json'), join(folder, 'out.json')]
  await writeFile(
    seed,
    JSON.stringify({ apps: { wxseed: { secret: 's1' } }, users: { alice: { nickname: 'A' } } }),
  )
  const args = ['--port', '0', '--seed', seed, '--app', 'wxown:my:secret', '--export-on-exit', out, '--json']
  const started = run(t, ...args)
  const [line] = await printed(started, /.+\n/)
  assert.deepEqual(JSON.parse(line).apps, ['wxseed', 'wxown'])
  assert.equal(started.stdout().includes('my:secret'), false)
  started.child.kill('SIGINT')
  assert.equal(await started.exit, process.platform === 'win32' ? null : 0)
  if (process.platform === 'win32') return
  const state = JSON.parse(await readFile(out, 'utf8'))
  assert.deepEqual([state.apps.wxown.secret, state.users.alice.nickname], ['my:secret', 'A'])
})

test('[F86] a state that cannot be saved on exit ends with 70', {
  skip: process.platform === 'win32',
}, async (t) => {
  const folder = await withFolder(t)
  const started = run(t, '--port', '0', '--export-on-exit', join(folder, 'no', 'where.json'))
  await printed(started, /Ctrl-C/)
  started.child.kill('SIGTERM')
  assert.equal(await started.exit, 70)
  assert.match(started.stderr(), /--export-on-exit/)
})

const WRONG: [string, string[], number, RegExp][] = [
  ['an unknown flag', ['--bogus'], 2, /unknown option '--bogus'/],
  ['a port that is none', ['--port', '70000'], 2, /0 to 65535/],
  ['an app without secret', ['--app', 'wx1'], 2, /appid:secret/],
  ['a seed that is not there', ['--seed', '/nowhere/x.json'], 78, /give --seed a file/],
  ['a tap without URL', ['--tap', 'server'], 2, /name=URL/],
  ['a back end that is no URL', ['--backend', 'nonsense'], 78, /nonsense.*give a URL/],
  ['half of TLS', ['--tls-cert', 'x.pem'], 78, /--tls-cert and --tls-key/],
  ['a certificate that is not there', ['--tls-cert', '/nowhere', '--tls-key', '/nowhere'], 78, /--tls-cert/],
]

for (const [what, args, code, message] of WRONG) {
  test(`[F84] the command names ${what} and its cure, and exits with ${code}`, async (t) => {
    const started = run(t, ...args)
    assert.equal(await started.exit, code)
    assert.match(started.stderr(), message)
  })
}

test('[F84] a damaged seed exits with 65, a taken port with 78', async (t) => {
  const folder = await withFolder(t)
  const seed = join(folder, 'seed.json')
  await writeFile(seed, '{"apps":{"wx1":{"secrets":"s"}}}')
  const damaged = run(t, '--seed', seed)
  assert.equal(await damaged.exit, 65)
  assert.match(damaged.stderr(), /seed\.json: apps\.wx1/)
  const emulator = await startForTest(t)
  const { port } = new URL(emulator.url)
  const taken = run(t, '--port', port)
  assert.equal(await taken.exit, 78)
  assert.match(taken.stderr(), new RegExp(`port ${port} on 127.0.0.1 is taken; give another port`))
})

test('[F86] --backend alone shows the traffic of a mini program that runs elsewhere', async (t) => {
  const backend = await startBackend(t, mirror)
  const started = run(t, '--port', '0', '--backend', backend)
  const [, base = ''] = await printed(started, /call (\S+\/_emulator\/tap\/backend)/)
  const [, text = ''] = await printed(started, /or (\S+conversation\.txt)/)
  const headers = { referer: 'https://servicewechat.com/wxa1b2c3d4e5f60718/devtools/page-frame.html' }
  await (await fetch(`${base}/orders`, { headers })).text()
  assert.match(await (await fetch(text)).text(), /-> back end \S+: GET \/orders/)
})

test('[F84] --help explains every flag', async (t) => {
  const started = run(t, '--help')
  assert.equal(await started.exit, 0)
  for (const flag of [
    'port',
    'host',
    'seed',
    'app',
    'miniprogram',
    'random-seed',
    'export-on-exit',
    'tls-cert',
    'tls-key',
    'backend',
    'tap',
    'json',
  ]) {
    assert.match(started.stdout(), new RegExp(`--${flag} `))
  }
})

test('--dev names the back end whose /_dev is handed on to; one that is elsewhere ends with 78', async (t) => {
  const other = await startForTest(t) // answers /_dev with what it answers to any strange path
  const started = run(t, '--port', '0', '--json', '--dev', other.url)
  const [line] = await printed(started, /\{.*\}/)
  const answer = await fetch(`${JSON.parse(line).url}/_emulator/dev`)
  assert.match(await answer.text(), /"error":"dev_odd".*\/_dev answered 404/)
  const refused = run(t, '--port', '0', '--dev', 'http://example.com')
  assert.equal(await refused.exit, 78)
  assert.match(refused.stderr(), /example\.com is not this machine.*--dev/)
})
