import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { Wx } from '@yaopai/wechat-emulator'
import { API, CHALLENGE, refusal, startWorld, turns } from './testing/world.ts'
import type { SocketLike } from './types.ts'

const EXPIRED = { status: 401, code: 'expired', class: 'relogin' }

test('[F63] an upload goes out as the user; its 401, which is text, is understood, and it is sent again where it may be', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  const filePath = wx.phone.addTempFile('picture', 'png')
  const upload = (more = {}) => yaopai.upload({ url: '/avatar', filePath, name: 'avatar', ...more })
  const res = await upload()
  assert.equal(res.statusCode, 200)
  assert.match(world.sent.at(-1)?.body ?? '', /picture/)
  const old = yaopai.token()
  world.meddle = async (request, pass) =>
    request.headers.get('authorization') === `Bearer ${old}`
      ? Response.json(EXPIRED, { status: 401 })
      : pass(request)
  await assert.rejects(upload(), EXPIRED)
  await yaopai.ready()
  const older = yaopai.token()
  world.meddle = async (request, pass) =>
    request.headers.get('authorization') === `Bearer ${older}`
      ? Response.json(EXPIRED, { status: 401 })
      : pass(request)
  assert.equal((await upload({ idempotent: true })).statusCode, 200)
  assert.equal(wx.phone.counts().login, 3)
})

test('[F63] a download is safe to send again, and shows its task', async (t) => {
  const world = await startWorld(t)
  const yaopai = world.client(world.phone())
  await yaopai.ready()
  const old = yaopai.token()
  world.meddle = async (request, pass) =>
    request.headers.get('authorization') === `Bearer ${old}` ? refusal(401, CHALLENGE.expired) : pass(request)
  const tasks: unknown[] = []
  const res = await yaopai.download({ url: '/invoice', onTask: (task) => tasks.push(task) })
  assert.equal(res.statusCode, 200)
  assert.match(res.tempFilePath ?? '', /./)
  assert.equal(tasks.length, 2)
})

test('[F63] a socket opens with the token in its handshake; one whose token died opens after a login', async (t) => {
  const world = await startWorld(t)
  const back = await startSocketServer(t)
  const wx = world.phone()
  const yaopai = world.client(wx, { tokenOrigins: [back.origin] })
  const heard: string[] = []
  const socket = await yaopai.connect({
    url: `${back.origin.replace('http', 'ws')}/live`,
    onTask: (task) => {
      ;(task as SocketLike).onMessage(({ data }) => heard.push(String(data)))
    },
  })
  assert.equal(typeof socket.send, 'function')
  assert.deepEqual(back.tokens, [yaopai.token()])
  await yaopai.request({ url: '/me/sessions', method: 'DELETE' })
  const { data } = await yaopai.request<{ sessions: { id: string }[] }>({ url: '/me/sessions' })
  assert.equal(data.sessions.length, 1)
  const old = yaopai.token()
  back.refused.add(old)
  world.meddle = async (request, pass) =>
    request.headers.get('authorization') === `Bearer ${old}` ? refusal(401, CHALLENGE.expired) : pass(request)
  await yaopai.connect({ url: `${back.origin.replace('http', 'ws')}/live` })
  // What makes the handshake may ask more than once.
  assert.deepEqual([...new Set(back.tokens)], [old, yaopai.token()])
  assert.notEqual(yaopai.token(), old)
})

test('[F63] a socket that fails for another reason is that reason’s failure, and costs no login', async (t) => {
  const world = await startWorld(t)
  const back = await startSocketServer(t)
  const wx = world.phone()
  const yaopai = world.client(wx, { tokenOrigins: [back.origin] })
  await yaopai.ready()
  const token = yaopai.token()
  back.refused.add(token)
  await assert.rejects(yaopai.connect({ url: `${back.origin.replace('http', 'ws')}/live` }), {
    name: 'YaopaiError',
    code: 'network',
  })
  assert.deepEqual([yaopai.token(), wx.phone.counts().login], [token, 1])
})

test('abort() of a socket that is not open yet closes it', async (t) => {
  const world = await startWorld(t)
  let closes = 0
  const deaf = () => undefined
  const close = () => {
    closes += 1
  }
  const socket = { onOpen: deaf, onError: deaf, onClose: deaf, close }
  const wx = { ...world.phone(), connectSocket: () => socket }
  const yaopai = world.client(wx as unknown as Wx)
  await yaopai.ready()
  const opening = yaopai.connect({ url: API.replace('http', 'ws') })
  await turns()
  opening.abort()
  await assert.rejects(opening, { code: 'aborted' })
  assert.equal(closes, 1)
})

interface SocketBackEnd {
  readonly origin: string
  readonly tokens: (string | null)[]
  readonly refused: Set<string | null>
}

/** Completes the handshake of RFC 6455 and says no more; 401 for tokens that it refuses. */
async function startSocketServer(t: TestContext): Promise<SocketBackEnd> {
  const tokens: (string | null)[] = []
  const refused = new Set<string | null>()
  const server: Server = createServer()
  server.on('upgrade', (request, socket) => {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? null
    tokens.push(token)
    if (refused.has(token)) return void socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n')
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const accept = createHash('sha1').update(key).digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    t.after(() => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, tokens, refused }
}
