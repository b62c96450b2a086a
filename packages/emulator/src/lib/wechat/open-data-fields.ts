import { createHmac } from 'node:crypto'
import { type Machine, nowSeconds } from '../machine.ts'
import type { OPEN_DATA_KINDS } from '../state/schemas.ts'
import { COUNTRY_CODE, phoneNumberOf } from './phone-number.ts'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type OpenDataKind = (typeof OPEN_DATA_KINDS)[number]
type Fields = Record<string, Json>

const GREY_AVATAR =
  'https://thirdwx.qlogo.cn/mmopen/vi_32/POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/132'

const DAY_SECONDS = 86_400
/** WeChat's days begin in Beijing, eight hours before UTC. */
const BEIJING_SECONDS = 28_800
const STEP_DAYS = 31

function profileOf(machine: Machine, user: string): Fields {
  const known = machine.world.settings.anonymousProfile ? {} : (machine.world.users.get(user) ?? {})
  return {
    nickName: known.nickname ?? '微信用户',
    gender: 0,
    language: 'zh_CN',
    city: '',
    province: '',
    country: '',
    avatarUrl: known.avatarUrl ?? GREY_AVATAR,
  }
}

function digestOf(machine: Machine, ...parts: (string | number)[]): Buffer {
  return createHmac('sha256', machine.world.idSeed).update(JSON.stringify(parts)).digest()
}

function phoneOf(machine: Machine, user: string): Fields {
  const phoneNumber = phoneNumberOf(machine, user)
  return { phoneNumber, purePhoneNumber: phoneNumber, countryCode: COUNTRY_CODE }
}

/** The last 31 days, today the last; so many steps a day as the user and the day say, the same in every run. */
function stepsOf(machine: Machine, user: string): Fields {
  const today =
    Math.floor((nowSeconds(machine) + BEIJING_SECONDS) / DAY_SECONDS) * DAY_SECONDS - BEIJING_SECONDS
  const stepInfoList = Array.from({ length: STEP_DAYS }, (_, index) => {
    const timestamp = today - (STEP_DAYS - 1 - index) * DAY_SECONDS
    return { timestamp, step: digestOf(machine, 'steps', user, timestamp).readUInt16BE() % 20_000 }
  })
  return { stepInfoList }
}

/** One group for everyone of an app; another one is a matter of `fields`. */
function groupOf(machine: Machine, appid: string): Fields {
  return { openGId: `tG${digestOf(machine, 'openGId', appid).toString('base64url').slice(0, 26)}` }
}

/** What open data of a kind tells, without ids and watermark. */
export function fieldsOf(machine: Machine, appid: string, user: string, kind: OpenDataKind): Fields {
  if (kind === 'phone') return phoneOf(machine, user)
  if (kind === 'weRun') return stepsOf(machine, user)
  if (kind === 'groupShare') return groupOf(machine, appid)
  return profileOf(machine, user)
}
