import { type Machine, nowMs } from '../machine.ts'
import type { OnDevice } from './login.ts'
import { CODE_LIFETIME_MS } from './login.ts'
import { type OpenData, openData } from './open-data.ts'

/** What the phone button hands to a page. */
export interface PhoneCodeResult extends Pick<OpenData, 'encryptedData' | 'iv'> {
  /** For getuserphonenumber: 5 minutes, once. Not a login code. */
  code: string
}

/** Codes are kept oldest first, so forgetting stops at the first one that is still of use. */
function forgetOldCodes(machine: Machine): void {
  const { phoneCodes } = machine.world
  for (const { code, createdAtMs } of phoneCodes.values()) {
    if (nowMs(machine) < createdAtMs + CODE_LIFETIME_MS) return
    phoneCodes.delete(code)
  }
}

/**
 * What a tap on `<button open-type="getPhoneNumber">` and the user's consent do: a code, and the number in the old way,
 * sealed with the living session_key.
 *
 * @throws {EmulatorError} `unknown_app`, `no_session_key` where nobody logged in
 */
export function phoneCode(machine: Machine, { appid, user }: OnDevice): PhoneCodeResult {
  const { encryptedData, iv } = openData(machine, { appid, user, kind: 'phone' })
  forgetOldCodes(machine)
  const code = machine.random.bytes(32).toString('hex')
  machine.conversation.issued('code', code)
  machine.world.phoneCodes.set(code, { code, appid, user, createdAtMs: nowMs(machine) })
  return { code, encryptedData, iv }
}
