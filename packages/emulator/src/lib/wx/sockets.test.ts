import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConnectOptions, createManualTimer, type Wx } from '../../index.ts'
import { startBackend } from '../../test-support/backend.ts'
import { APPID } from '../../test-support/kit.ts'
import { makeWx, settled } from '../../test-support/phone.ts'
import { type Peer, startSocketServer } from '../../test-support/socket-server.ts'

/** One socket and all that is heard of it, in order. */
function connect(wx: Wx, options: ConnectOptions) {
  const heard: unknown[] = []
  const hear = (what: unknown) => void heard.push(what)
  const task = wx.connectSocket({
    ...options,
    success: ({ errMsg }) => hear(errMsg),
    fail: ({ errMsg }) => hear(errMsg),
  })
  const opened = new Promise<Record<string, string>>((resolve) =>
    task.onOpen(({ header }) => resolve(header)),
  )
  const closed = new Promise<void>((resolve) => task.onClose(() => resolve()))
  task.onOpen(() => hear('open'))
  task.onMessage(({ data }) => hear(data))
  task.onError(({ errMsg }) => hear(`error: ${errMsg}`))
  task.onClose(({ code, reason }) => hear(`close: ${code} ${reason}`))
  return { task, heard, opened, closed }
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 30))
const MADE = 'connectSocket:ok'

test('[F84] wx.connectSocket opens a WebSocket with headers, protocols and Referer', async (t) => {
  const peers: Peer[] = []
  const opened = (peer: Peer) => void peers.push(peer)
  const url = await startSocketServer(t, { opened, header: ['X-Served-By: me'] })
  const header = { Authorization: 'Bearer x', Referer: 'mine', 'Sec-WebSocket-Key': 'mine' }
  const socket = connect(makeWx(), { url: `${url}/live?room=1`, header, protocols: ['chat', 'other'] })
  assert.equal((await socket.opened)['X-Served-By'], 'me')
  assert.deepEqual(socket.heard, [MADE, 'open'])
  const { url: path, headers } = peers[0]?.request ?? assert.fail('nobody came')
  assert.deepEqual([path, headers.authorization], ['/live?room=1', 'Bearer x'])
  assert.equal(headers.referer, `https://servicewechat.com/${APPID}/0/page-frame.html`)
  assert.equal(headers['sec-websocket-protocol'], 'chat, other')
  socket.task.close()
  await socket.closed
})

test('[F84] text and bytes go both ways', async (t) => {
  const got: (string | Buffer)[] = []
  const url = await startSocketServer(t, {
    message(peer, data) {
      got.push(data)
      if (typeof data === 'string') peer.sendText(`you said ${data}`)
      else peer.sendBytes(data)
      if (got.length === 2) peer.close(4000, 'enough')
    },
  })
  const socket = connect(makeWx(), { url })
  await socket.opened
  const sent = await settled((callbacks) => socket.task.send({ data: '你好', ...callbacks }))
  assert.deepEqual(sent, { ok: true, res: { errMsg: 'sendSocketMessage:ok' } })
  socket.task.send({ data: new Uint8Array([1, 0, 255]).buffer })
  await socket.closed
  assert.deepEqual(got, ['你好', Buffer.from([1, 0, 255])])
  const bytes = new Uint8Array([1, 0, 255]).buffer
  assert.deepEqual(socket.heard, [MADE, 'open', 'you said 你好', bytes, 'close: 4000 enough'])
})

test('[F84] close says its code to the server, and is told when that has answered', async (t) => {
  const url = await startSocketServer(t)
  const wx = makeWx()
  const socket = connect(wx, { url })
  await socket.opened
  const refused = await settled((callbacks) => socket.task.close({ code: 1001, ...callbacks }))
  assert.equal(refused.ok ? '' : refused.errMsg, 'closeSocket:fail invalid code 1001')
  const closing = await settled((callbacks) => socket.task.close({ code: 3001, reason: 'bye', ...callbacks }))
  assert.deepEqual(closing, { ok: true, res: { errMsg: 'closeSocket:ok' } })
  await socket.closed
  assert.deepEqual(socket.heard, [MADE, 'open', 'close: 3001 bye'])
  const again = await settled((callbacks) => socket.task.close(callbacks))
  assert.equal(again.ok ? '' : again.errMsg, 'closeSocket:fail WebSocket is not connected')
  assert.equal(wx.phone.sockets(), 0)
})

test('[F84] a refused handshake is an error without its status, then a close', async (t) => {
  const url = await startSocketServer(t, { refuse: () => 401 })
  const socket = connect(makeWx(), { url })
  await socket.closed
  assert.deepEqual(socket.heard, [MADE, 'error: Invalid HttpCode', 'close: 1006 abnormal closure'])
  const plain = await startBackend(t, (_req, res) => res.end('no sockets here'))
  const elsewhere = connect(makeWx(), { url: plain.replace('http', 'ws') })
  await elsewhere.closed
  assert.deepEqual(elsewhere.heard.slice(1), ['error: Invalid HttpCode', 'close: 1006 abnormal closure'])
})

test('[F84] no network, no answer in time, an answer lost: an error, then a close', async (t) => {
  const clock = createManualTimer()
  const wx = makeWx({ timer: clock.timer })
  const error = (text: string) => [MADE, `error: ${text}`, 'close: 1006 abnormal closure']
  wx.phone.setOffline(true)
  const offline = connect(wx, { url: 'ws://127.0.0.1:9' })
  await offline.closed
  assert.deepEqual(offline.heard, error('Underlying Transport Error'))
  wx.phone.setOffline(false)

  const url = await startSocketServer(t, { refuse: ({ url: path }) => (path === '/mute' ? null : undefined) })
  const mute = connect(wx, { url: `${url}/mute`, timeout: 1000 })
  clock.advance(999)
  assert.equal(wx.phone.sockets(), 1)
  clock.advance(1)
  await mute.closed
  assert.deepEqual(mute.heard, error('Timer Expired'))

  wx.phone.loseNextAnswer('connectSocket')
  const lost = connect(wx, { url })
  await lost.closed
  assert.deepEqual(lost.heard, error('Underlying Transport Error'))
})

test('[F84] an open socket that loses its line is told so by a close alone', async (t) => {
  const url = await startSocketServer(t, { opened: (peer) => peer.cut() })
  const cut = connect(makeWx(), { url })
  await cut.closed
  assert.deepEqual(cut.heard.at(-1), 'close: 1006 abnormal closure')
  const clock = createManualTimer()
  const wx = makeWx({ timer: clock.timer })
  let hearGone = () => {}
  const goneThere = new Promise<void>((resolve) => {
    hearGone = resolve
  })
  const up = await startSocketServer(t, { gone: () => hearGone() })
  const socket = connect(wx, { url: up })
  await socket.opened
  clock.advance(60_000)
  wx.phone.toBackground()
  clock.advance(4999)
  assert.equal(wx.phone.sockets(), 1)
  clock.advance(1)
  await socket.closed
  assert.deepEqual(socket.heard, [MADE, 'open', 'close: 1006 interrupted'])
  await goneThere
  const inBackground = connect(wx, { url: up })
  await tick()
  assert.deepEqual(inBackground.heard, ['connectSocket:fail interrupted'])
  wx.phone.toForeground()
  const again = connect(wx, { url: up })
  await again.opened
  wx.phone.setOffline(true)
  await again.closed
  assert.deepEqual(again.heard, [MADE, 'open', 'close: 1006 abnormal closure'])
})

test('[F84] five sockets at a time, a sixth is refused', async (t) => {
  const url = await startSocketServer(t)
  const wx = makeWx()
  const five = Array.from({ length: 5 }, () => connect(wx, { url }))
  const sixth = connect(wx, { url })
  await Promise.all(five.map(({ opened }) => opened))
  assert.deepEqual(sixth.heard, ['connectSocket:fail fail reach max websocket connect count 5'])
  five[0]?.task.close()
  await five[0]?.closed
  const next = connect(wx, { url })
  await next.opened
  assert.equal(wx.phone.sockets(), 5)
})

test('[F84] what cannot be dialled fails, and is told nothing else', async (t) => {
  const url = await startSocketServer(t)
  const wx = makeWx({ domains: ['wss://live.example.com'] })
  const words = async (options: ConnectOptions) => {
    const { heard, task } = connect(wx, options)
    const sent = await settled((callbacks) => task.send({ data: 'x', ...callbacks }))
    assert.equal(sent.ok ? '' : sent.errMsg, 'sendSocketMessage:fail WebSocket is not connected')
    await tick()
    return heard
  }
  assert.deepEqual(await words({ url }), ['connectSocket:fail url not in domain list'])
  const http = await words({ url: 'https://live.example.com' })
  assert.deepEqual(http, ['connectSocket:fail invalid url "https://live.example.com"'])
  wx.phone.failNext('connectSocket', 'connectSocket:fail as ordered')
  assert.deepEqual(await words({ url: 'wss://live.example.com' }), ['connectSocket:fail as ordered'])
})

test('[F84] a socket that is closed before it is open never opens', async (t) => {
  const url = await startSocketServer(t)
  const socket = connect(makeWx(), { url })
  socket.task.close({ code: 4001, reason: 'changed my mind' })
  await socket.closed
  await tick()
  assert.deepEqual(socket.heard, [MADE, 'close: 4001 changed my mind'])
})

test('[F84] send refuses what is neither text nor bytes', async (t) => {
  const url = await startSocketServer(t)
  const socket = connect(makeWx(), { url })
  await socket.opened
  const wrong = { data: { a: 1 } as unknown as string }
  const outcome = await settled((callbacks) => socket.task.send({ ...wrong, ...callbacks }))
  assert.match(outcome.ok ? '' : outcome.errMsg, /^sendSocketMessage:fail parameter error/)
  socket.task.close()
  await socket.closed
})
