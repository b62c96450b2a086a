import type { Conversation } from './conversation/arrow.ts'
import { issuedBy } from './conversation/issued.ts'
import { durationText, settingsFacts, settingsLabel } from './conversation/note-words.ts'
import type { Page } from './conversation/recorder.ts'
import { faultFacts, faultLabel } from './conversation/wechat-talk.ts'
import { noteControl, talkToWechat, type WxCall } from './conversation/wx-talk.ts'
import { type Machine, nowMs } from './machine.ts'
import type { PhoneIdentity } from './proxy/envelope.ts'
import { CLOCK_OFFSET_LIMIT_MS, type EmulatorState, exportState, importState } from './state/saved-state.ts'
import {
  advanceSchema,
  appidSchema,
  appSchema,
  faultSchema,
  InputError,
  onDeviceSchema,
  openDataSchema,
  pairSchema,
  parse,
  userIdSchema,
  userSchema,
} from './state/schemas.ts'
import { type Settings, settingsPatchSchema, withSettings } from './state/settings.ts'
import type { CallRecord } from './wechat/call-log.ts'
import { isWechatPath } from './wechat/errcodes.ts'
import { checkFault } from './wechat/faults.ts'
import { type CheckSessionResult, checkSession, type LoginOk, login, requireApp } from './wechat/login.ts'
import { type OpenData, openData } from './wechat/open-data.ts'
import { openidOf, unionidOf } from './wechat/open-id.ts'
import { type PhoneCodeResult, phoneCode } from './wechat/phone-code.ts'
import { phoneNumberOf } from './wechat/phone-number.ts'
import { expireKey, livingKey, mintKey } from './wechat/session-key.ts'

const PAIR = '{"appid":"wx…","user":"alice"}'

/** What can be done to a running emulator. Takes unknown input and checks it: tests and HTTP go through the same door. */
export interface Operations {
  reset(): void
  putApp(appid: unknown, app: unknown): void
  putUser(id: unknown, user: unknown): void
  /** `phone`: which one asks; without it one of the user's. */
  login(input: unknown, phone?: PhoneIdentity): LoginOk
  checkSession(input: unknown, phone?: PhoneIdentity): CheckSessionResult
  openData(input: unknown, phone?: PhoneIdentity): OpenData
  phoneCode(input: unknown, phone?: PhoneIdentity): PhoneCodeResult
  advanceClock(seconds: unknown): void
  nowMs(): number
  rotateSessionKey(input: unknown): void
  expireSessionKey(input: unknown): void
  sessionKeyOf(input: unknown): string | null
  phoneNumberOf(user: unknown): string
  openidOf(appid: unknown, user: unknown): string
  unionidOf(openPlatform: unknown, user: unknown): string
  settings(): Settings
  setSettings(patch: unknown): Settings
  /** A warning where the fault looks like a mistake, else null. */
  addFault(fault: unknown): string | null
  clearFaults(): void
  calls(): CallRecord[]
  conversation(page?: Page): Conversation
  clearConversation(): void
  conversationSecrets(): Record<string, string>
  exportState(): EmulatorState
  importState(state: unknown): void
}

function idOperations(machine: Machine) {
  return {
    openidOf(appid: unknown, user: unknown) {
      const pair = parse(pairSchema, { appid, user }, PAIR)
      return openidOf(machine.world.idSeed, pair.appid, pair.user)
    },
    unionidOf(openPlatform: unknown, user: unknown) {
      const platform = parse(userIdSchema, openPlatform, '"default"')
      return unionidOf(machine.world.idSeed, platform, parse(userIdSchema, user, '"alice"'))
    },
  }
}

function peopleOperations(machine: Machine) {
  return {
    putApp(appid: unknown, app: unknown) {
      const id = parse(appidSchema, appid, '"wxa1b2c3d4e5f60718"')
      const parsed = parse(appSchema, app, '{"secret":"…","openPlatform":"default"}')
      machine.world.apps.set(id, parsed)
      machine.conversation.issued('AppSecret', parsed.secret)
    },
    putUser(id: unknown, user: unknown) {
      const name = parse(userIdSchema, id, '"alice"')
      machine.world.users.set(name, parse(userSchema, user, '{"nickname":"Alice","phone":"13800000000"}'))
    },
    phoneNumberOf: (user: unknown) => phoneNumberOf(machine, parse(userIdSchema, user, '"alice"')),
  }
}

/** What a phone asks of WeChat. */
function wxOperations(machine: Machine) {
  const ask = <T extends object>(call: WxCall<T>) => talkToWechat(machine, call)
  return {
    login(input: unknown, phone?: PhoneIdentity) {
      const where = parse(onDeviceSchema, input, PAIR)
      const work = () => login(machine, where)
      return ask({ kind: 'wx.login', input: where, phone, work, label: ({ code }) => `code ${code}` })
    },
    checkSession(input: unknown, phone?: PhoneIdentity) {
      const where = parse(onDeviceSchema, input, PAIR)
      const work = () => checkSession(machine, where)
      return ask({ kind: 'wx.checkSession', input: where, phone, work, label: ({ errMsg }) => errMsg })
    },
    openData(input: unknown, phone?: PhoneIdentity) {
      const asked = parse(openDataSchema, input, PAIR)
      const work = () => openData(machine, asked)
      return ask({ kind: 'wx.getUserInfo', input: asked, phone, work, label: () => 'encryptedData, iv' })
    },
    phoneCode(input: unknown, phone?: PhoneIdentity) {
      const where = parse(onDeviceSchema, input, PAIR)
      const work = () => phoneCode(machine, where)
      return ask({
        kind: 'wx.getPhoneNumber',
        input: where,
        phone,
        work,
        label: ({ code }) => `code ${code}`,
      })
    },
  }
}

function keyOperations(machine: Machine) {
  // A mistyped appid would otherwise pass for success.
  const pairOfKnownApp = (input: unknown) => {
    const pair = parse(pairSchema, input, PAIR)
    requireApp(machine, pair.appid)
    return pair
  }
  return {
    rotateSessionKey(input: unknown) {
      const { appid, user } = pairOfKnownApp(input)
      mintKey(machine, { appid, user })
      noteControl(machine, 'session-key.rotate', `new session_key for ${user}`, { appid, user })
    },
    expireSessionKey(input: unknown) {
      const { appid, user } = pairOfKnownApp(input)
      expireKey(machine, { appid, user })
      noteControl(machine, 'session-key.expire', `session_key of ${user} expired`, { appid, user })
    },
    sessionKeyOf: (input: unknown) => livingKey(machine, parse(pairSchema, input, PAIR))?.sessionKey ?? null,
  }
}

function faultOperations(machine: Machine) {
  return {
    addFault(input: unknown) {
      const fault = parse(faultSchema, input, '{"path":"/sns/jscode2session","times":1,"errcode":-1}')
      checkFault(fault)
      machine.faults.add(fault)
      noteControl(machine, 'fault.set', `${fault.path}: ${faultLabel(fault)}`, faultFacts(fault))
      if (fault.path === '*' || isWechatPath(fault.path)) return null
      return `${fault.path} is no known path of WeChat; is it spelt right?`
    },
    clearFaults() {
      if (machine.faults.clear()) noteControl(machine, 'fault.clear', 'no more faults')
    },
    calls: () => machine.calls.list(),
  }
}

function worldOperations(machine: Machine, startState: EmulatorState) {
  const { idSeed } = machine.world
  return {
    reset() {
      machine.world = importState(startState, idSeed)
      tellIssued(machine)
      machine.faults.clear()
      machine.calls.clear()
      noteControl(machine, 'reset', 'reset')
    },
    advanceClock(seconds: unknown) {
      const byMs = parse(advanceSchema, seconds, '60') * 1000
      const offsetMs = machine.world.clockOffsetMs + byMs
      if (offsetMs > CLOCK_OFFSET_LIMIT_MS) {
        throw new InputError('advanceSeconds', 'the clock would be a century ahead', 'reset first')
      }
      machine.world.clockOffsetMs = offsetMs
      noteControl(machine, 'clock.advance', `clock +${durationText(byMs / 1000)}`, { seconds: byMs / 1000 })
    },
    nowMs: () => nowMs(machine),
    settings: () => ({ ...machine.world.settings }),
    setSettings(patch: unknown) {
      const checked = parse(settingsPatchSchema, patch, '{"sessionKeyMinRefreshSeconds":0}')
      machine.world.settings = withSettings(machine.world.settings, checked)
      noteControl(machine, 'settings.change', settingsLabel(checked), settingsFacts(checked))
      return { ...machine.world.settings }
    },
    exportState: () => exportState(machine.world),
    importState(state: unknown) {
      machine.world = importState(state, idSeed)
      tellIssued(machine)
      noteControl(machine, 'state.replace', 'state replaced')
    },
  }
}

function conversationOperations({ conversation }: Machine) {
  return {
    conversation: (page?: Page) => conversation.read(page),
    clearConversation: () => conversation.clear(),
    conversationSecrets: () => conversation.secrets(),
  }
}

/** A state brings what was issued before. */
function tellIssued({ world, conversation }: Machine): void {
  for (const [kind, value] of issuedBy(world)) conversation.issued(kind, value)
}

export function createOperations(machine: Machine): Operations {
  tellIssued(machine)
  const startState = exportState(machine.world)
  return {
    ...worldOperations(machine, startState),
    ...peopleOperations(machine),
    ...wxOperations(machine),
    ...conversationOperations(machine),
    ...keyOperations(machine),
    ...idOperations(machine),
    ...faultOperations(machine),
  }
}
