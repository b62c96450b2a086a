import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createManualTimer, createWx } from '../../index.ts'
import { startBackend } from '../../test-support/backend.ts'
import { APPID, startForTest } from '../../test-support/kit.ts'
import { heldBackend, makeWx, settled } from '../../test-support/phone.ts'
import { startSocketServer } from '../../test-support/socket-server.ts'

const tick = () => new Promise((resolve) => setTimeout(resolve, 30))

test('[F84] an answer that is lost on the way back: the server has done the work, the phone sees a reset', async (t) => {
  let served = 0
  const url = await startBackend(t, (_req, res) => {
    served += 1
    res.end('{}')
  })
  const wx = makeWx()
  const filePath = wx.phone.addTempFile('x')
  const lost = { errMsg: 'fail -101:net::ERR_CONNECTION_RESET', errno: 600001 }
  const calls = {
    request: () => settled((callbacks) => wx.request({ url, method: 'POST', ...callbacks })),
    uploadFile: () => settled((callbacks) => wx.uploadFile({ url, filePath, name: 'file', ...callbacks })),
    downloadFile: () => settled((callbacks) => wx.downloadFile({ url, ...callbacks })),
  }
  for (const [api, call] of Object.entries(calls)) {
    served = 0
    wx.phone.loseNextAnswer(api)
    assert.deepEqual(await call(), { ok: false, errMsg: `${api}:${lost.errMsg}`, errno: lost.errno })
    assert.equal(served, 1)
    assert.ok((await call()).ok, 'only one answer was to be lost')
  }
  assert.equal(wx.phone.files.size, 2, 'the uploaded file and the download that came')
})

test('[F84] a login whose answer is lost has made its code all the same', async (t) => {
  const emulator = await startForTest(t)
  const wx = createWx({ emulator, appid: APPID, user: 'alice' })
  wx.phone.loseNextAnswer('login')
  await assert.rejects(Promise.resolve(wx.login()), { errMsg: 'login:fail network error' })
  assert.ok(emulator.sessionKeyOf({ appid: APPID, user: 'alice' }))
  assert.equal((await wx.login()).errMsg, 'login:ok')
})

test('[F84] offline: every call fails, also what is under way and what waits, until the network is back', async (t) => {
  const backend = heldBackend()
  const url = await startBackend(t, backend.listener)
  const emulator = await startForTest(t)
  const wx = createWx({ emulator, appid: APPID, user: 'alice' })
  const changes: unknown[] = []
  wx.onNetworkStatusChange((status) => changes.push(status))
  const all = Array.from({ length: 12 }, () => settled((callbacks) => wx.request({ url, ...callbacks })))
  await backend.until(10)
  wx.phone.setOffline(true)
  const offline = { ok: false, errMsg: 'request:fail -106:net::ERR_INTERNET_DISCONNECTED', errno: 600001 }
  for (const one of await Promise.all(all)) assert.deepEqual(one, offline)
  assert.deepEqual(await settled((callbacks) => wx.request({ url, ...callbacks })), offline)
  assert.equal(backend.held.length, 10)
  await assert.rejects(Promise.resolve(wx.login()), { errMsg: 'login:fail network error' })
  await assert.rejects(Promise.resolve(wx.checkSession()), { errMsg: 'checkSession:fail network error' })
  assert.equal(emulator.sessionKeyOf({ appid: APPID, user: 'alice' }), null)
  assert.equal((await wx.getNetworkType()).networkType, 'none')
  wx.setStorageSync('kept', 'offline')
  wx.phone.setOffline(false)
  assert.equal((await wx.login()).errMsg, 'login:ok')
  assert.equal((await wx.getNetworkType()).networkType, 'wifi')
  assert.deepEqual(changes, [
    { isConnected: false, networkType: 'none' },
    { isConnected: true, networkType: 'wifi' },
  ])
})

test('[F84] killed in the background: nothing is called back, stored, sent or told any more', async (t) => {
  const backend = heldBackend()
  const url = await startBackend(t, backend.listener)
  const socketUrl = await startSocketServer(t)
  const emulator = await startForTest(t)
  const storage = new Map<string, string>()
  const clock = createManualTimer()
  const wx = createWx({ emulator, appid: APPID, user: 'alice', storage, timer: clock.timer })
  const heard: unknown[] = []
  const hear = (what: unknown) => void heard.push(what)
  const all = { success: hear, fail: hear, complete: hear }
  wx.setStorageSync('token', 'old')
  const tasks = Array.from({ length: 12 }, () => wx.request({ url, ...all }))
  await backend.until(10)
  const socket = wx.connectSocket({ url: socketUrl })
  await new Promise((resolve) => socket.onOpen(resolve))
  socket.onClose(hear)
  wx.onAppShow(hear)
  wx.onAppHide(hear)
  wx.login(all)
  void wx.checkSession().then(hear, hear)
  wx.phone.kill()

  wx.request({ url, ...all })
  wx.connectSocket({ url: socketUrl, ...all })
  void wx.login().then(hear, hear)
  wx.getStorage({ key: 'token', ...all })
  wx.setStorageSync('token', 'new')
  wx.removeStorageSync('token')
  wx.clearStorageSync()
  wx.phone.toBackground()
  clock.advance(60_000)
  wx.phone.toForeground()
  for (const task of tasks) task.abort()
  backend.answerAll()
  await tick()
  assert.deepEqual(heard, [])
  assert.deepEqual(wx.phone.requests(), { running: 0, queued: 0 })
  assert.equal(wx.phone.counts().login, 1, 'only the login before its death')

  const restarted = createWx({ emulator, appid: APPID, user: 'alice', storage })
  assert.equal(restarted.getStorageSync('token'), 'old')
  assert.equal((await restarted.login()).errMsg, 'login:ok')
})

test('[F84] callbackOnly: no API gives a Promise, and callbacks work as ever', async (t) => {
  const emulator = await startForTest(t)
  const wx = createWx({ emulator, appid: APPID, user: 'alice', callbackOnly: true })
  const returned: unknown[] = [
    wx.login(),
    wx.checkSession(),
    wx.getUserInfo(),
    wx.setStorage({ key: 'a', data: 1 }),
    wx.getStorage({ key: 'nothing there' }),
    wx.getRandomValues({ length: 16 }),
  ]
  assert.deepEqual(new Set(returned), new Set([undefined]))
  const outcome = await settled((callbacks) => wx.login(callbacks))
  assert.ok(outcome.ok)
})
