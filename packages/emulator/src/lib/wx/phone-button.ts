import type { PhoneCodeResult } from '../wechat/phone-code.ts'
import { failWith, type Outcome, succeed, type WxFailure } from './callbacks.ts'
import { askWeChat, hasBaseLibrary, type Phone } from './phone.ts'

const API = 'getPhoneNumber'

/** `e.detail` of `bindgetphonenumber`. Where it failed there is only `errMsg` (and `errno`). */
export interface PhoneDetail extends WxFailure, Partial<PhoneCodeResult> {}

async function askForNumber(phone: Phone): Promise<Outcome<PhoneDetail>> {
  try {
    const { code, ...sealed } = await phone.backstage.phoneCode(phone.who)
    // Before 2.21.2 the button knew only the old way.
    const withCode = hasBaseLibrary(phone, '2.21.2') ? { code } : {}
    return succeed({ errMsg: `${API}:ok`, ...sealed, ...withCode })
  } catch (error) {
    return failWith(API, error instanceof Error ? error.message : String(error))
  }
}

/** What the user does with `<button open-type="getPhoneNumber">`: a tap, and a yes or a no to the sheet that comes up. */
export async function tapPhoneButton(
  phone: Phone,
  { deny = false }: { deny?: boolean | undefined } = {},
): Promise<{ detail: PhoneDetail }> {
  const outcome = deny
    ? failWith<PhoneDetail>(API, 'user deny')
    : await askWeChat(phone, API, () => askForNumber(phone))
  return { detail: outcome.ok ? outcome.res : outcome.failure }
}
