import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWx } from '../../index.ts'
import { APPID, startForTest } from '../../test-support/kit.ts'
import { ask, askToken, PHONE, tokenOf } from '../../test-support/server-calls.ts'

test('[F81] a tap on the phone button hands the page a code that a server can exchange', async (t) => {
  const emulator = await startForTest(t)
  for (const where of [{ emulator }, { emulatorUrl: emulator.url }]) {
    const wx = createWx({ ...where, appid: APPID, user: 'alice' })
    await wx.login()
    const { detail } = await wx.phone.tapPhoneButton()
    assert.deepEqual(Object.keys(detail).sort(), ['code', 'encryptedData', 'errMsg', 'iv'])
    assert.equal(detail.errMsg, 'getPhoneNumber:ok')
    const access_token = await tokenOf(askToken(emulator))
    const { json } = await ask(emulator, PHONE, { access_token }, { json: { code: detail.code } })
    assert.equal(Object(json['phone_info'])['phoneNumber'], emulator.phoneNumberOf('alice'))
  }
})

test('[F81] who says no gives nothing; who never logged in, has no network or was told to fail neither', async (t) => {
  const emulator = await startForTest(t)
  const wx = createWx({ emulator, appid: APPID, user: 'alice' })
  assert.match(
    (await wx.phone.tapPhoneButton()).detail.errMsg,
    /^getPhoneNumber:fail alice has no living session_key/,
  )
  await wx.login()
  assert.deepEqual((await wx.phone.tapPhoneButton({ deny: true })).detail, {
    errMsg: 'getPhoneNumber:fail user deny',
  })
  wx.phone.failNext('getPhoneNumber', 'getPhoneNumber:fail no quota', 1400001)
  assert.deepEqual((await wx.phone.tapPhoneButton()).detail, {
    errMsg: 'getPhoneNumber:fail no quota',
    errno: 1_400_001,
  })
  wx.phone.setOffline(true)
  assert.equal((await wx.phone.tapPhoneButton()).detail.errMsg, 'getPhoneNumber:fail network error')
})

test('[F81] before base library 2.21.2 the button has no code, only the sealed number', async (t) => {
  const emulator = await startForTest(t)
  const wx = createWx({ emulator, appid: APPID, user: 'alice', baseLibrary: '2.21.1' })
  await wx.login()
  assert.deepEqual(Object.keys((await wx.phone.tapPhoneButton()).detail), ['errMsg', 'encryptedData', 'iv'])
})
