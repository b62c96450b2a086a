import { assembleWx, type Wx, type WxOptions } from './assemble-wx.ts'
import { dial } from './dial.ts'

export type { PhoneControl, Wx, WxOptions } from './assemble-wx.ts'

/**
 * A `wx` object for tests in Node, that logs in at an emulator and sends real requests.
 *
 * @throws {TypeError} where neither `emulator` nor `emulatorUrl` is given
 */
export function createWx(options: WxOptions): Wx {
  return assembleWx(options, dial)
}
