import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createManualTimer, type UploadOptions, type UploadResult, type Wx } from '../../index.ts'
import { bodyOf, mirror, startBackend } from '../../test-support/backend.ts'
import { APPID } from '../../test-support/kit.ts'
import { heldBackend, makeWx, type Settled, settled } from '../../test-support/phone.ts'

type Some = Pick<UploadOptions, 'url'> & Partial<UploadOptions>

const AVATAR = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 255, 13, 10])

/** Uploads an avatar that lies on this phone. */
function upload(wx: Wx, options: Some): Promise<Settled<UploadResult>> {
  const filePath = wx.phone.addTempFile(AVATAR, 'png')
  return settled((callbacks) => wx.uploadFile({ filePath, name: 'avatar', ...options, ...callbacks }))
}

test('[F84] wx.uploadFile sends the file and the fields as a form that any server reads', async (t) => {
  let form = new FormData()
  const url = await startBackend(t, async (req, res) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of req) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    assert.equal(req.headers['content-length'], String(body.length))
    const type = req.headers['content-type'] ?? ''
    form = await new Response(body, { headers: { 'content-type': type } }).formData()
    res.end('{"saved":true}')
  })
  const formData = { note: '张三', count: 2, nested: { a: 1 }, none: undefined }
  const header = { 'content-type': 'multipart/form-data' } // without its boundary, as many write it
  const outcome = await upload(makeWx(), { url, formData, header })
  assert.deepEqual(outcome, {
    ok: true,
    res: { errMsg: 'uploadFile:ok', data: '{"saved":true}', statusCode: 200 },
  })
  const { avatar, ...fields } = Object.fromEntries(form)
  assert.ok(avatar instanceof File)
  assert.deepEqual(new Uint8Array(await avatar.arrayBuffer()), AVATAR)
  assert.match(avatar.name, /^tmp_[0-9a-f]{32}\.png$/)
  assert.equal(avatar.type, 'image/png')
  assert.deepEqual(fields, { note: '张三', count: '2', nested: '{"a":1}' })
})

test('[F84] wx.uploadFile is a POST with the Referer and the headers of the call', async (t) => {
  const url = await startBackend(t, mirror)
  const outcome = await upload(makeWx(), { url, header: { Authorization: 'Bearer x', Referer: 'mine' } })
  assert.ok(outcome.ok)
  assert.equal(typeof outcome.res.data, 'string')
  const { method, headers } = JSON.parse(outcome.res.data)
  assert.deepEqual([method, headers.authorization], ['POST', 'Bearer x'])
  assert.equal(headers.referer, `https://servicewechat.com/${APPID}/0/page-frame.html`)
})

for (const status of [201, 204, 401, 413, 503]) {
  test(`[F84] wx.uploadFile: HTTP ${status} is a success`, async (t) => {
    const url = await startBackend(t, (_req, res) => res.writeHead(status).end())
    const outcome = await upload(makeWx(), { url })
    assert.ok(outcome.ok)
    assert.deepEqual([outcome.res.statusCode, outcome.res.data], [status, ''])
  })
}

test('[F84] wx.uploadFile fails where there is no such file, no name, no listed domain', async (t) => {
  const url = await startBackend(t, mirror)
  const wx = makeWx({ domains: ['https://files.example.com'] })
  const words = async (options: Some) => {
    const outcome = await upload(wx, options)
    return outcome.ok ? 'ok' : outcome.errMsg
  }
  const listed = 'https://files.example.com/a'
  assert.equal(await words({ url: listed, filePath: 'wxfile://tmp_gone' }), 'uploadFile:fail file not found')
  assert.match(await words({ url: listed, name: '' }), /^uploadFile:fail parameter error: parameter\.name /)
  assert.equal(await words({ url }), 'uploadFile:fail url not in domain list')
  wx.phone.failNext('uploadFile', 'uploadFile:fail ssl hand shake error', 600001)
  assert.equal(await words({ url: listed }), 'uploadFile:fail ssl hand shake error')
})

test('[F84] the upload task tells headers and progress, until told not to', async (t) => {
  const url = await startBackend(t, async (req, res) => {
    await bodyOf(req)
    res.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end()
  })
  const wx = makeWx()
  const heard: unknown[] = []
  await settled((callbacks) => {
    const filePath = wx.phone.addTempFile('x'.repeat(1000))
    const task = wx.uploadFile({ url, filePath, name: 'file', ...callbacks })
    const unwanted = () => heard.push('unwanted')
    task.onHeadersReceived(unwanted)
    task.offHeadersReceived(unwanted)
    task.onProgressUpdate(unwanted)
    task.offProgressUpdate()
    task.onProgressUpdate(({ progress, totalBytesSent, totalBytesExpectedToSend }) => {
      heard.push([progress, totalBytesSent > 1000, totalBytesSent === totalBytesExpectedToSend])
    })
    task.onHeadersReceived(({ header }) => heard.push(header['Www-Authenticate']))
  })
  assert.deepEqual(heard, [[100, true, true], 'Bearer'])
})

test('[F84] uploads, downloads and requests share ten places, time-outs, abort and the background', async (t) => {
  const backend = heldBackend()
  const url = await startBackend(t, backend.listener)
  const clock = createManualTimer()
  const wx = makeWx({ timer: clock.timer })
  const ends = Array.from({ length: 4 }, () => [
    settled((callbacks) => wx.request({ url, ...callbacks })),
    upload(wx, { url }),
    settled((callbacks) => wx.downloadFile({ url, ...callbacks })),
  ]).flat()
  await backend.until(10)
  assert.deepEqual(wx.phone.requests(), { running: 10, queued: 2 })
  const timedOut = upload(wx, { url, timeout: 1 })
  backend.answerAll()
  await Promise.all(ends.slice(0, 10))
  await backend.until(3)
  clock.advance(1)
  assert.deepEqual(await timedOut, { ok: false, errMsg: 'uploadFile:fail timeout', errno: 5 })
  const aborted = settled((callbacks) => wx.downloadFile({ url, ...callbacks }).abort())
  assert.deepEqual(await aborted, { ok: false, errMsg: 'downloadFile:fail abort', errno: undefined })
  wx.phone.toBackground()
  clock.advance(5000)
  const interrupted = await Promise.all(ends.slice(10))
  assert.deepEqual(
    interrupted.map((end) => (end.ok ? 'ok' : end.errMsg)),
    ['uploadFile:fail interrupted', 'downloadFile:fail interrupted'],
  )
  assert.deepEqual(wx.phone.requests(), { running: 0, queued: 0 })
})
