import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import { programArgs } from '../../tools/testing/programs.ts'
import { call } from './support/client.ts'

const DEMO = await programArgs('demo')
const free = { EMULATOR_PORT: '0', PORT: '0', INTERNAL_PORT: '0', DEMO_PORT: '0' }
const READY_WITHIN_MS = 60_000

interface Demo {
  readonly child: ChildProcess
  readonly output: { text: string }
}

function spawnDemo(cwd: string, ports: Record<string, string>): Demo {
  const env = { PATH: process.env['PATH'] ?? '', NO_COLOR: '1', ...free, ...ports }
  const child = spawn(process.execPath, DEMO, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { text: '' }
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output.text += chunk.toString()
    })
  }
  return { child, output }
}

async function urlsOf({ child, output }: Demo): Promise<Record<'server' | 'emulator' | 'back end', string>> {
  const untilMs = Date.now() + READY_WITHIN_MS
  while (!output.text.includes('Ctrl-C') && child.exitCode === null && Date.now() < untilMs)
    await new Promise((resolve) => setTimeout(resolve, 20))
  const urlOf = (name: string) => new RegExp(`(http\\S+) +${name} `).exec(output.text)?.[1] ?? ''
  return { server: urlOf('server'), emulator: urlOf('emulator'), 'back end': urlOf('back end') }
}

async function ended({ child }: Demo, signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal)
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}

async function folderOf(t: { after(work: () => Promise<void>): void }, demos: Demo[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'yaopai-demo-'))
  t.after(async () => {
    for (const demo of demos) await ended(demo, 'SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })
  return folder
}

test('[F79] the demo walks from a code to a back end that knows who calls, and on after a restart', async (t) => {
  const demos: Demo[] = []
  const folder = await folderOf(t, demos)
  const start = () => {
    const demo = spawnDemo(folder, {})
    demos.push(demo)
    return demo
  }
  const first = start()
  const urls = await urlsOf(first)
  const json = { appid: 'wxa1b2c3d4e5f60718', user: 'alice' }
  const { body: wx } = await call('POST', `${urls.emulator}/_emulator/wx/login`, { json })
  const { body: made } = await call('POST', `${urls.server}/login`, { json: { code: wx['code'] } })
  const token = String(made['token'])
  const { status, text, body: known } = await call('GET', `${urls['back end']}/whoami`, { token })
  assert.equal(status, 200, text)
  assert.deepEqual(known['user'], made['user'])
  assert.equal((await call('GET', `${urls['back end']}/whoami`)).status, 401)
  const { body: again } = await call('POST', `${urls.emulator}/_emulator/wx/login`, { json })
  const classic = await call('GET', `${urls.server}/login?code=${again['code']}&userInfo=Alice`)
  assert.match(String(classic.body['user_uuid']), /^yp1_/)
  const startedMs = performance.now()
  assert.equal(await ended(first, 'SIGINT'), 0, first.output.text)
  t.diagnostic(`stopped after ${Math.round(performance.now() - startedMs)} ms`)

  const keys = await readFile(join(folder, '.yaopai', 'api.keys'), 'utf8')
  const later = await urlsOf(start())
  const { body: stillKnown } = await call('GET', `${later['back end']}/whoami`, { token })
  assert.deepEqual(stillKnown['user'], made['user'])
  assert.equal(await readFile(join(folder, '.yaopai', 'api.keys'), 'utf8'), keys)
})

test('the demo names a taken port with its setting and the cure, and stops what had come up', async (t) => {
  const demos: Demo[] = []
  const folder = await folderOf(t, demos)
  const running = spawnDemo(folder, {})
  demos.push(running)
  const urls = await urlsOf(running)
  const taken = { EMULATOR_PORT: urls.emulator, PORT: urls.server, DEMO_PORT: urls['back end'] }
  for (const [setting, url] of Object.entries(taken)) {
    const second = spawnDemo(await folderOf(t, demos), { [setting]: new URL(url).port })
    await once(second.child, 'close')
    assert.equal(second.child.exitCode, 78, second.output.text)
    assert.match(
      second.output.text,
      new RegExp(`^${setting}: port ${new URL(url).port} is taken by .*${setting}=… npm start`),
    )
  }
  const same = spawnDemo(folder, {})
  await once(same.child, 'close')
  assert.equal(same.child.exitCode, 78)
  assert.match(same.output.text, /Another server runs on/)
})

const posix = process.platform === 'win32' ? { skip: 'npm has no shell between there' } : {}

test('npm start leaves nothing running when npm is told to end', posix, async (t) => {
  const demos: Demo[] = []
  const folder = await folderOf(t, demos)
  const env = { ...process.env, ...free, NO_COLOR: '1', DATABASE_URL: `file:${join(folder, 'book.db')}` }
  const root = join(import.meta.dirname, '..', '..')
  const child = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const demo = { child, output: { text: '' } }
  demos.push(demo)
  child.stdout.on('data', (chunk: Buffer) => {
    demo.output.text += chunk.toString()
  })
  const urls = await urlsOf(demo)
  assert.equal((await call('GET', `${urls.server}/readyz`)).status, 200, demo.output.text)
  await ended(demo, 'SIGTERM')
  const isGone = async () => {
    const answer = await fetch(`${urls.server}/readyz`).catch(() => null)
    return answer === null
  }
  const untilMs = Date.now() + 10_000
  while (!(await isGone()) && Date.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 50))
  assert.ok(await isGone())
})
