import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DownloadOptions, DownloadResult, Wx } from '../../index.ts'
import { mirror, startBackend } from '../../test-support/backend.ts'
import { APPID } from '../../test-support/kit.ts'
import { heldBackend, makeWx, type Settled, settled } from '../../test-support/phone.ts'

function download(wx: Wx, options: DownloadOptions): Promise<Settled<DownloadResult>> {
  return settled((callbacks) => wx.downloadFile({ ...options, ...callbacks }))
}

const BYTES = Buffer.from([0xff, 0xfe, 0, 1, 2, 0xef, 0xbb, 0xbf])

test('[F84] wx.downloadFile puts what came, byte for byte, into a temporary file of the phone', async (t) => {
  const url = await startBackend(t, (_req, res) => {
    res.writeHead(200, { 'Content-Type': 'image/png' }).end(BYTES)
  })
  const wx = makeWx()
  const outcome = await download(wx, { url: `${url}/avatar?size=2` })
  assert.ok(outcome.ok)
  const { tempFilePath = '', filePath, statusCode, errMsg, header } = outcome.res
  assert.deepEqual([errMsg, statusCode, filePath], ['downloadFile:ok', 200, undefined])
  assert.equal(header['Content-Type'], 'image/png')
  assert.match(tempFilePath, /^wxfile:\/\/tmp_[0-9a-f]{32}\.png$/)
  assert.deepEqual(wx.phone.files.get(tempFilePath), new Uint8Array(BYTES))
  const inDevtools = await download(makeWx({ devtools: true }), { url: `${url}/b.jpeg` })
  assert.match(inDevtools.ok ? (inDevtools.res.tempFilePath ?? '') : '', /^http:\/\/tmp\/[0-9a-f]{32}\.jpeg$/)
})

test('[F84] wx.downloadFile: any status is a success, and its page a file', async (t) => {
  const url = await startBackend(t, (_req, res) => res.writeHead(401).end('{"code":"expired"}'))
  const wx = makeWx()
  const outcome = await download(wx, { url })
  assert.ok(outcome.ok && outcome.res.statusCode === 401)
  const file = wx.phone.files.get(outcome.res.tempFilePath ?? '')
  assert.equal(Buffer.from(file ?? '').toString(), '{"code":"expired"}')
})

test('[F84] wx.downloadFile keeps a file where the call says, below USER_DATA_PATH only', async (t) => {
  const url = await startBackend(t, (_req, res) => res.end(BYTES))
  const files = new Map<string, Uint8Array | string>()
  const wx = makeWx({ files })
  const filePath = `${wx.env.USER_DATA_PATH}/kept.bin`
  const outcome = await download(wx, { url, filePath })
  assert.ok(outcome.ok)
  assert.deepEqual([outcome.res.filePath, outcome.res.tempFilePath], [filePath, undefined])
  assert.deepEqual([...files.keys()], [filePath])
  const outside = await download(wx, { url, filePath: '/etc/passwd' })
  assert.match(outside.ok ? '' : outside.errMsg, /^downloadFile:fail permission denied/)
  assert.deepEqual([...files.keys()], [filePath])
})

test('[F84] wx.downloadFile sends the Referer and the headers of the call', async (t) => {
  const url = await startBackend(t, mirror)
  const wx = makeWx()
  const outcome = await download(wx, { url, header: { Authorization: 'Bearer x', referer: 'mine' } })
  assert.ok(outcome.ok)
  const { headers } = JSON.parse(
    Buffer.from(wx.phone.files.get(outcome.res.tempFilePath ?? '') ?? '').toString(),
  )
  assert.equal(headers.authorization, 'Bearer x')
  assert.equal(headers.referer, `https://servicewechat.com/${APPID}/0/page-frame.html`)
})

test('[F84] the download task tells headers, and progress up to the last byte', async (t) => {
  const url = await startBackend(t, (_req, res) =>
    res.setHeader('Content-Length', 100_000).end('x'.repeat(100_000)),
  )
  const wx = makeWx()
  const progress: number[] = []
  const heard: unknown[] = []
  const outcome = await settled<DownloadResult>((callbacks) => {
    const task = wx.downloadFile({ url, ...callbacks })
    task.onHeadersReceived(({ header }) => heard.push(header['Content-Length']))
    task.onProgressUpdate((event) => progress.push(event.progress))
    task.onProgressUpdate(({ totalBytesWritten, totalBytesExpectedToWrite }) => {
      if (totalBytesWritten === totalBytesExpectedToWrite) heard.push('whole')
    })
  })
  assert.ok(outcome.ok)
  assert.deepEqual(heard, ['100000', 'whole'])
  assert.equal(progress.at(-1), 100)
  assert.deepEqual(
    progress,
    [...progress].sort((a, b) => a - b),
  )
})

test('[F84] a download that is aborted leaves no file', async (t) => {
  const backend = heldBackend()
  const url = await startBackend(t, backend.listener)
  const wx = makeWx()
  const begun: { abort(): void }[] = []
  const ended = settled((callbacks) => begun.push(wx.downloadFile({ url, ...callbacks })))
  await backend.until(1)
  backend.held[0]?.write('half')
  begun[0]?.abort()
  assert.deepEqual(await ended, { ok: false, errMsg: 'downloadFile:fail abort', errno: undefined })
  backend.answerAll()
  assert.equal(wx.phone.files.size, 0)
})
