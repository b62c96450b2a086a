import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { freePort } from '../../tools/free-port.ts'
import { type FaultProxy, type Mood, startFaultProxy } from './proxy.ts'

async function behindProxy(t: TestContext): Promise<{ proxy: FaultProxy; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.end(`answer to ${request.url}`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const proxy = await startFaultProxy(typeof address === 'object' && address !== null ? address.port : 0)
  t.after(async () => {
    await proxy.close()
    server.closeAllConnections()
    server.close()
  })
  return { proxy, asked }
}

/** One request on a connection of its own: what came back until the connection ended, and how it ended. */
function ask(port: number, path: string, withinMs = 5_000): Promise<{ text: string; end: string }> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1')
    const over = (end: string) => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ text, end })
    }
    const timer = setTimeout(() => over('silent'), withinMs)
    socket.on('data', (piece: Buffer) => {
      text += piece.toString('latin1')
    })
    socket.on('error', (error: NodeJS.ErrnoException) => over(error.code ?? 'error'))
    socket.on('end', () => over('ended'))
    socket.on('close', () => over('closed'))
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
  })
}

test('in its good mood the proxy hands on all and nothing else', async (t) => {
  const { proxy, asked } = await behindProxy(t)
  const { text, end } = await ask(proxy.port, '/a')
  assert.match(text, /^HTTP\/1\.1 200 OK[\s\S]*answer to \/a/)
  assert.equal(end, 'ended')
  assert.deepEqual(asked, ['/a'])
})

const moods: [mood: Mood, text: RegExp, end: RegExp, isAsked: boolean][] = [
  [{ kind: 'delay', ms: 5 }, /answer to/, /ended/, true],
  [{ kind: 'trickle', everyMs: 0 }, /answer to/, /ended/, true],
  [{ kind: 'hole' }, /^$/, /silent/, false],
  [{ kind: 'refuse' }, /^$/, /ECONNRESET/, false],
  [{ kind: 'half' }, /^$/, /ended/, true],
  [{ kind: 'garbage' }, /^(?!HTTP)[\s\S]+$/, /ended/, false],
]

for (const [mood, text, end, isAsked] of moods) {
  test(`in the mood ${mood.kind} it does what it says, and afterwards all is well again`, async (t) => {
    const { proxy, asked } = await behindProxy(t)
    proxy.become(mood)
    const bad = await ask(proxy.port, '/bad', mood.kind === 'hole' ? 100 : 5_000)
    assert.match(bad.text, text)
    assert.match(bad.end, end)
    proxy.become({ kind: 'pass' })
    assert.match((await ask(proxy.port, '/good')).text, /answer to \/good/)
    assert.deepEqual(asked, isAsked ? ['/bad', '/good'] : ['/good'])
  })
}

test('of three answers the third is dropped, after the server gave it', async (t) => {
  const { proxy, asked } = await behindProxy(t)
  proxy.dropAnswers(3)
  const answers = []
  for (const path of ['/1', '/2', '/3', '/4']) answers.push((await ask(proxy.port, path)).text !== '')
  assert.deepEqual(answers, [true, true, false, true])
  assert.deepEqual(asked, ['/1', '/2', '/3', '/4'])
  assert.equal(proxy.counts.dropped, 1)
})

test('a cut ends what is open, with a reset if one asks for it; new connections are served', async (t) => {
  const { proxy } = await behindProxy(t)
  for (const [how, end] of [
    ['end', /ended|closed/],
    ['reset', /ECONNRESET/],
  ] as const) {
    const before = proxy.counts.connections
    proxy.become({ kind: 'hole' })
    const open = ask(proxy.port, '/open')
    while (proxy.counts.connections === before) await new Promise(setImmediate)
    await new Promise((resolve) => setTimeout(resolve, 20))
    proxy.cut(how)
    assert.match((await open).end, end)
    proxy.become({ kind: 'pass' })
    assert.match((await ask(proxy.port, '/next')).text, /answer to/)
  }
})

test('a proxy that retries to connect hides a server that is not there yet', async (t) => {
  const server = createServer((_request, response) => response.end('late'))
  const port = await freePort()
  const proxy = await startFaultProxy(port, { retryConnectMs: 10_000 })
  t.after(() => proxy.close())
  const early = ask(proxy.port, '/early')
  while (proxy.counts.connections === 0) await new Promise(setImmediate)
  server.listen(port, '127.0.0.1')
  t.after(() => server.close())
  assert.match((await early).text, /late/)
})

test('a proxy that retries asks once more where the server went without an answer, but only what changes nothing', async (t) => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (asked.length === 1) request.socket.destroy()
    else response.end('second')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const proxy = await startFaultProxy(port, { retryConnectMs: 10_000 })
  t.after(() => proxy.close())
  assert.match((await ask(proxy.port, '/a')).text, /second/)
  assert.deepEqual(asked, ['/a', '/a'])
  asked.length = 0
  await assert.rejects(fetch(`${proxy.url}/b`, { method: 'POST', body: 'x' }))
  assert.deepEqual(asked, ['/b'])
})
