import { succeed, twoStyles, type WxResult } from './callbacks.ts'
import type { Phone } from './phone.ts'
import { type NetworkStatus, type Radio, statusOf } from './radio.ts'

type NetworkType = WxResult & Pick<NetworkStatus, 'networkType'>

/** `wx.getNetworkType`, `wx.onNetworkStatusChange`: Wi-Fi or nothing. */
export function networkTypeApi(phone: Phone, radio: Radio) {
  return {
    getNetworkType: twoStyles<NetworkType, object>(phone, async () =>
      succeed({ errMsg: 'getNetworkType:ok', networkType: statusOf(phone.state.offline).networkType }),
    ),
    onNetworkStatusChange: radio.statusChange.on,
    offNetworkStatusChange: radio.statusChange.off,
  }
}
