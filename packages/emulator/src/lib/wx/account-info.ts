import type { Phone } from './phone.ts'

/** `wx.getAccountInfoSync` and the device's own description. */
export function accountInfoApi(phone: Phone) {
  const platform = phone.devtools ? 'devtools' : 'android'
  const device = { brand: 'Emulator', model: phone.who.device, system: 'Android 14', platform }
  const app = { SDKVersion: phone.baseLibrary, version: '8.0.50', language: 'zh_CN' }
  return {
    getAccountInfoSync: () => ({
      miniProgram: { appId: phone.appid, envVersion: phone.envVersion, version: phone.version },
    }),
    getDeviceInfo: () => ({ ...device }),
    getAppBaseInfo: () => ({ ...app }),
    getSystemInfoSync: () => ({ ...device, ...app }),
  }
}
