import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, statusOf, tokenOf } from './support/client.ts'
import { createRig } from './support/rig.ts'

const INSPECTOR_PORT = 9229

test('[T36] SIGUSR1 opens no debugger and disturbs nobody', async (t) => {
  const rig = await createRig(t)
  const server = await rig.serve()
  const token = await tokenOf(server.publicUrl, rig.code())
  const wasOpen = await isOpen(INSPECTOR_PORT)
  server.signal('SIGUSR1')
  await sleep(300)
  assert.equal(await statusOf(server.publicUrl, token), 200)
  assert.ok(!server.output.stderr.includes('Debugger'), server.output.stderr)
  assert.equal(await isOpen(INSPECTOR_PORT), wasOpen)
  assert.equal((await server.stop()).exitCode, 0)
})

test('[T36] a debugger in NODE_OPTIONS is refused in production', async (t) => {
  const rig = await createRig(t)
  const production = { WECHAT_API_BASE: '', YAOPAI_INSECURE_EMULATOR: '', WECHAT_APPID: 'wx0123456789abcdef' }
  for (const NODE_OPTIONS of ['--inspect=127.0.0.1:0', '"--inspect=0"', '"--insp\\ect=0"']) {
    const { exitCode, stderr } = await rig.run(['serve'], { ...production, NODE_OPTIONS })
    assert.equal(exitCode, 78, stderr)
    assert.match(stderr, /NODE_OPTIONS opens the debugger/)
  }
})

test('[R07] a second server on the same file refuses to start and leaves the first alone', async (t) => {
  const rig = await createRig(t)
  const server = await rig.serve()
  const token = await tokenOf(server.publicUrl, rig.code())
  const { exitCode, stderr } = await rig.run(['serve'])
  assert.equal(exitCode, 78)
  assert.match(stderr, /Another server runs on .*yaopai\.db: stop it, or name another file in DATABASE_URL/)
  assert.equal(await statusOf(server.publicUrl, token), 200)
  assert.equal((await server.kill()).signal, 'SIGKILL')
  const next = await rig.serve()
  assert.equal(await statusOf(next.publicUrl, token), 200)
})

test('a taken port is named with its setting and the cure', async (t) => {
  const rig = await createRig(t)
  const squatter = createServer().listen(0, '127.0.0.1')
  t.after(() => squatter.close())
  await once(squatter, 'listening')
  const address = squatter.address()
  const port = typeof address === 'object' && address !== null ? String(address.port) : ''
  for (const setting of ['PORT', 'INTERNAL_PORT']) {
    const { exitCode, stderr, stdout } = await rig.run(['serve'], { [setting]: port })
    assert.equal(exitCode, 78)
    assert.match(stderr, new RegExp(`Port ${port} on 127.0.0.1 is taken: .*set ${setting} to a free port`))
    assert.ok(!stdout.includes('server.started'), stdout)
  }
})

test('the start says where it listens, and that WeChat is an emulator', async (t) => {
  const rig = await createRig(t)
  const server = await rig.serve()
  const lines = server.output.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    lines.map(({ event, level }) => [event, level]),
    [
      ['server.insecure_emulator', 'warn'],
      ['server.started', 'info'],
    ],
  )
  assert.equal(lines[0].wechatApiBase, rig.emulator.url)
  assert.match(server.output.stderr, new RegExp(`for mini programs +${server.publicUrl}`))
  for (const line of lines) assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})

test('a second signal ends it at once, two that come together are one', async (t) => {
  const rig = await createRig(t)
  rig.emulator.addFault({ path: '/sns/jscode2session', delayMs: 2_500 })
  const server = await rig.serve()
  const pending = call('POST', `${server.publicUrl}/login`, { json: { code: rig.code() } }).catch(() => null)
  for (let turn = 0; turn < 100 && rig.emulator.calls().length === 0; turn += 1) await sleep(10)
  server.signal('SIGINT')
  server.signal('SIGINT')
  await sleep(800)
  assert.ok(!server.output.stdout.includes('server.stopped'), 'it waits for the request under way')
  server.signal('SIGINT')
  const { exitCode, stdout } = await server.ended
  await pending
  assert.equal(exitCode, 1)
  assert.ok(stdout.includes('server.stopping') && !stdout.includes('server.stopped'))
})

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

test('a port that another Yaopai holds says so, and a server that no back end may ask warns', async (t) => {
  const [first, second] = [await createRig(t), await createRig(t)]
  const { publicUrl, output } = await first.serve({ YAOPAI_API_KEYS: '' })
  assert.match(output.stderr, /warning: YAOPAI_API_KEYS is not set/)
  const { exitCode, stderr } = await second.run(['serve'], { PORT: new URL(publicUrl).port })
  assert.equal(exitCode, 78)
  assert.match(stderr, /is taken: .*a Yaopai that runs already/)
  assert.ok(!stderr.includes('YAOPAI_API_KEYS'), stderr)
})
