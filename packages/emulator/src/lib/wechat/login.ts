import { EmulatorError, type Machine, nowMs } from '../machine.ts'
import { randomBase62 } from '../random.ts'
import { joinKey } from '../state/world.ts'
import { keyForLogin, livingKey, type Pair, renewKey } from './session-key.ts'

/** A pair on one device. WeChat's client remembers per device which key its last code belonged to. */
export interface OnDevice extends Pair {
  /** Default `phone`. */
  device?: string | undefined
}

export interface LoginOk {
  errMsg: 'login:ok'
  code: string
}

export interface CheckSessionResult {
  errMsg: 'checkSession:ok' | 'checkSession:fail session time out, need relogin'
}

export const CODE_LIFETIME_MS = 300_000

function deviceKey(where: OnDevice): string {
  return joinKey(where.appid, where.user, where.device ?? 'phone')
}

export function requireApp(machine: Machine, appid: string): void {
  if (machine.world.apps.has(appid)) return
  throw new EmulatorError(
    'unknown_app',
    `no app has the appid ${JSON.stringify(appid)}`,
    `make it with PUT /_emulator/apps/{appid} {"secret":"…"} or putApp()`,
  )
}

/** Codes are kept oldest first, so forgetting stops at the first one that is still of use. */
function forgetOldCodes(machine: Machine): void {
  const memoryMs = Math.max(CODE_LIFETIME_MS, machine.world.settings.usedCodeMemorySeconds * 1000)
  for (const [code, minted] of machine.world.codes) {
    if ((minted.usedAtMs ?? minted.createdAtMs) + memoryMs > nowMs(machine)) return
    machine.world.codes.delete(code)
  }
}

/**
 * What `wx.login` does: a fresh code for this user in this app, and a new session_key if the living one is old enough.
 * A user that nobody made is made now.
 *
 * @throws {EmulatorError} `unknown_app`
 */
export function login(machine: Machine, where: OnDevice): LoginOk {
  requireApp(machine, where.appid)
  if (!machine.world.users.has(where.user)) machine.world.users.set(where.user, {})
  forgetOldCodes(machine)
  const { sessionKey } = keyForLogin(machine, where)
  machine.world.lastKeyOfDevice.set(deviceKey(where), sessionKey)
  const code = `0${randomBase62(machine.random, 31)}`
  machine.conversation.issued('code', code)
  const { appid, user } = where
  machine.world.codes.set(code, { code, appid, user, createdAtMs: nowMs(machine), sessionKey })
  return { errMsg: 'login:ok', code }
}

/** What `wx.checkSession` does: is the key of the last code that this device fetched still the living one? */
export function checkSession(machine: Machine, where: OnDevice): CheckSessionResult {
  const living = livingKey(machine, where)
  const ofDevice = machine.world.lastKeyOfDevice.get(deviceKey(where))
  if (!living || living.sessionKey !== ofDevice) {
    return { errMsg: 'checkSession:fail session time out, need relogin' }
  }
  renewKey(machine, living)
  return { errMsg: 'checkSession:ok' }
}
